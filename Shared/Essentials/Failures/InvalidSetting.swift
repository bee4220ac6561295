// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A module's complaint about one of its settings.
public protocol InvalidSetting: Error {
    /// The setting's key, within the module's scope.
    var key: String { get }
    /// What is wrong with its value, without a value that may be secret.
    var problem: String { get }
}

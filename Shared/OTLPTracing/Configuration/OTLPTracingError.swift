// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A setting of tracing that cannot be used.
public struct OTLPTracingError: InvalidSetting, Hashable, CustomStringConvertible {
    /// The key, within the module's scope.
    public let key: String
    /// What is wrong with its value, without the value.
    public let problem: String

    /// The key and the problem.
    public var description: String { "\(key): \(problem)" }
}

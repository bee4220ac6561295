// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// Whose read models the commands for operators work on.
public protocol ReadModelOwner: Sendable {
    /// All of them, at least one; the first is meant where nobody says which.
    static var readModels: [any Projection.Type] { get }
}

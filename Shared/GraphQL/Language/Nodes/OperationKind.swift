// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What an operation does: read, write and read, or be told.
public enum OperationKind: String, Sendable, CaseIterable {
    /// Reads.
    case query
    /// Writes, and reads what came of it.
    case mutation
    /// A long-lived request that is answered by events.
    case subscription
}

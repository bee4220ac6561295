// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Some versions of an entity.
public enum VersionSet: Sendable, Equatable {
    /// Any, as long as there is one.
    case any
    /// One of these; with none of them, no version at all.
    case oneOf(Set<Int64>)

    /// Whether a version is among them.
    public func contains(_ version: Int64) -> Bool {
        switch self {
        case .any: true
        case .oneOf(let versions): versions.contains(version)
        }
    }
}

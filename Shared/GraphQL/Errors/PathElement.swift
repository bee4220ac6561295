// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A step from the root of an answer to one of its values.
public enum PathElement: Sendable, Hashable {
    /// A field, by its response name.
    case name(String)
    /// An element of a list, from 0.
    case index(Int)
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What becomes of an item's description.
public enum DescriptionChange: Sendable, Equatable {
    /// It is this one from now on.
    case set(ItemDescription)
    /// The item has none any more.
    case removed
}

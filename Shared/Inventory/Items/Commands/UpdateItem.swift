// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Changes an item: what is `nil` stays as it is.
public struct UpdateItem: Sendable, Equatable {
    /// The new name.
    public let name: ItemName?
    /// The new description, or that there is none any more.
    public let description: DescriptionChange?

    /// Describes a change.
    public init(name: ItemName? = nil, description: DescriptionChange? = nil) {
        self.name = name
        self.description = description
    }
}

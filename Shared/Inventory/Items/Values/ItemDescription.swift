// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What an item is, in more words than its name.
public struct ItemDescription: TextLine {
    /// The longest description, in Unicode scalars.
    public static let maximumLength = 2000

    /// The description, normalised.
    public let text: String

    /// Takes a description that is normalised already.
    public init(checked text: String) { self.text = text }
}

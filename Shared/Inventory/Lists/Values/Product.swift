// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What a line of a list is about.
public struct Product: TextLine {
    /// The longest name, in Unicode scalars.
    public static let maximumLength = 200

    /// The name, normalised.
    public let text: String

    /// Takes a name that is normalised already.
    public init(checked text: String) { self.text = text }
}

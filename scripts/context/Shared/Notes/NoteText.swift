// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What a note says.
public struct NoteText: TextLine {
    /// The longest text, in Unicode scalars.
    public static let maximumLength = 200

    /// The text, normalised.
    public let text: String

    /// Takes a text that is normalised already.
    public init(checked text: String) { self.text = text }
}

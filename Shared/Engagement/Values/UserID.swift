// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A user, by the identifier that whoever knows the users has given it. It need not be a user of this system's.
public struct UserID: TextLine {
    /// The longest identifier, in Unicode scalars.
    public static let maximumLength = 128

    /// The identifier, normalised: so two that are shown alike, but for the letters that they are of, are one.
    public let text: String

    /// Takes an identifier that is normalised already.
    public init(checked text: String) { self.text = text }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What somebody notes with stock that changes: why, or for what, such as the number of an order.
public struct Remark: TextLine {
    /// The longest remark, in Unicode scalars.
    public static let maximumLength = 100

    /// The remark, normalised.
    public let text: String

    /// Takes a remark that is normalised already.
    public init(checked text: String) { self.text = text }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A number as it stands in the document, so that no digit is lost before somebody says which type it shall have.
public struct JSONNumber: Sendable, Equatable {
    /// The number's text, valid by RFC 8259 §6.
    public let text: String

    /// Creates a number from an integer.
    public init(_ value: some BinaryInteger) { text = "\(value)" }

    /// Takes text that the reader has checked.
    init(checked text: String) { self.text = text }

    /// The number as an integer; `nil` when it has a fraction or an exponent, or does not fit.
    ///
    /// A fraction of zeros is none: those who compute with binary64 alone may write 10 as `10.0`, and to JSON Schema, which
    /// describes our APIs, that is an integer (2020-12, Validation §6.1.1).
    public var integer: Int? {
        guard let point = text.firstIndex(of: ".") else { return Int(text) }
        return text[point...].dropFirst().allSatisfy { $0 == "0" } ? Int(text[..<point]) : nil
    }

    /// The number as a finite `Double`, possibly rounded; `nil` when it is too large.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Bytes that are not one JSON text, and where that shows.
///
/// The description names the place and the reason and never repeats the input, which may hold personal data.
public struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: String, Sendable {
        /// Nothing but white space.
        case empty = "the document is empty"
        /// RFC 8259 §8.1 forbids to send one, and allows to refuse it.
        case byteOrderMark = "a byte order mark is not allowed"
        /// The text ends within a value.
        case unexpectedEnd = "the document ends too early"
        /// A byte that starts no value.
        case expectedValue = "a value was expected"
        /// An object's member does not start with a quotation mark.
        case expectedName = "a member name in quotation marks was expected"
        /// No colon behind a name.
        case expectedColon = "a colon was expected"
        /// Neither a comma nor the end behind an element.
        case expectedCommaOrEnd = "a comma or the end of the object or array was expected"
        /// More text behind the value.
        case trailingData = "the document goes on after its value"
        /// A number that RFC 8259 §6 does not allow.
        case invalidNumber = "the number is not well-formed"
        /// A backslash with something that is no escape.
        case invalidEscape = "the escape is not well-formed"
        /// Half of a surrogate pair.
        case loneSurrogate = "the escape is half of a surrogate pair"
        /// U+0000 to U+001F, which must be escaped.
        case controlCharacter = "control characters in a string must be escaped"
        /// Bytes that are not UTF-8.
        case invalidUTF8 = "the bytes are not UTF-8"
        /// The same name twice in an object.
        case duplicateName = "the member name is there twice"
        /// More nesting than allowed.
        case tooDeep = "the document is nested too deeply"
    }

    /// What is wrong.
    public let reason: Reason
    /// The byte at which it shows, counted from 0.
    public let offset: Int
    /// The line of that byte, counted from 1.
    public private(set) var line: Int
    /// The byte within its line, counted from 1.
    public let column: Int

    init(_ reason: Reason, at offset: Int, in bytes: [UInt8]) {
        self.reason = reason
        self.offset = offset
        let before = bytes.prefix(offset)
        line = 1 + before.reduce(into: 0) { $0 += $1 == UInt8(ascii: "\n") ? 1 : 0 }
        column = offset - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
    }

    /// The same error where the bytes are one line of many; the offset is that within the line.
    ///
    /// - Parameter number: the line's, counted from 1.
    public func inLine(_ number: Int) -> JSONSyntaxError {
        var error = self
        error.line = number
        return error
    }

    /// The reason with line, column and offset.
    public var description: String { "\(reason.rawValue) (line \(line), column \(column), byte \(offset))" }
}

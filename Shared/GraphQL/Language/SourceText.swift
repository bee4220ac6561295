// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The text of a document, as bytes of UTF-8: what offsets of tokens and nodes count in.
struct SourceText: Sendable {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The place of an offset, for an error. Takes time in proportion to the offset.
    func location(at offset: Int) -> SourceLocation {
        var line = 1
        var column = 1
        var index = 0
        while index < min(offset, bytes.count) {
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                (line, column) = (line + 1, 1)
            case UInt8(ascii: "\r"):
                (line, column) = (line + 1, 1)
                if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") { index += 1 }
            case 0x80...0xBF:
                break
            default:
                column += 1
            }
            index += 1
        }
        return SourceLocation(line: line, column: column)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The text of a document, as bytes of UTF-8: what offsets of tokens and nodes count in.
struct SourceText: Sendable {
    /// A place, and its offset.
    private struct Mark {
        var index = 0
        var location = SourceLocation(line: 1, column: 1)
    }

    /// How many bytes are between two marks, at least.
    private static let distance = 256

    let bytes: [UInt8]
    /// From where places are counted: an answer may have thousands of errors, each with its places.
    private let marks: [Mark]

    init(_ text: String) {
        bytes = Array(text.utf8)
        var marks = [Mark()]
        for offset in stride(from: Self.distance, to: bytes.count, by: Self.distance) {
            marks.append(Self.mark(at: offset, in: bytes, from: marks[marks.count - 1]))
        }
        self.marks = marks
    }

    /// The place of an offset, for an error.
    func location(at offset: Int) -> SourceLocation {
        let offset = min(offset, bytes.count)
        let mark = marks[min(offset / Self.distance, marks.count - 1)]
        // A line's end of two bytes may have put it behind.
        let start = mark.index <= offset ? mark : marks[max(offset / Self.distance - 1, 0)]
        return Self.mark(at: offset, in: bytes, from: start).location
    }

    private static func mark(at offset: Int, in bytes: [UInt8], from start: Mark) -> Mark {
        var (index, line, column) = (start.index, start.location.line, start.location.column)
        while index < offset {
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
        return Mark(index: index, location: SourceLocation(line: line, column: column))
    }
}

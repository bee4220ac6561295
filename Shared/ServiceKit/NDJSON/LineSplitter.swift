// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore

/// Cuts bytes that come in pieces into lines, and never holds more than one piece and one line of the longest length.
///
/// A line ends with LF or CR LF, or with the bytes. Blank lines, of nothing but spaces, tabs and CR, are passed over:
/// people end files with them, and the format allows it. A byte order mark before the first is passed over, too: some
/// programs begin every file with one. A line that is too long is reported as soon as that is known,
/// and the rest of it passed over.
struct LineSplitter {
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let limit: Int
    private var piece = ByteBuffer()
    /// The beginning of a line whose end has not come.
    private var beginning: [UInt8] = []
    private var isSkipping = false
    private var number = 0

    /// - Parameter limit: the most bytes of a line, its end not counted.
    init(limit: Int) { self.limit = limit }

    /// Takes the next piece, once ``next()`` has nothing more of the one before.
    mutating func append(_ piece: ByteBuffer) { self.piece = piece }

    /// The next line whose end, or whose excess, is in the piece.
    mutating func next() -> NDJSONLine? {
        while piece.readableBytes > 0 {
            let end = piece.readableBytesView.firstIndex(of: Self.lineFeed)
            let length = (end ?? piece.writerIndex) - piece.readerIndex
            // One more than the limit, as the last byte may be the CR of the line's end.
            let room = limit + 1 + (beginsWithMark ? Self.byteOrderMark.count : 0)
            let fits = !isSkipping && beginning.count + length <= room
            if fits { beginning.append(contentsOf: piece.readableBytesView.prefix(length)) }
            piece.moveReaderIndex(forwardBy: length + (end == nil ? 0 : 1))
            if end != nil {
                let wasSkipping = isSkipping
                isSkipping = false
                guard !wasSkipping else { continue }
                if let line = fits ? takeLine() : takeExcess() { return line }
            } else if !fits, !isSkipping {
                isSkipping = true
                return takeExcess()
            }
        }
        return nil
    }

    /// Whether the first line is not over and begins with a byte order mark.
    private var beginsWithMark: Bool {
        number == 0 && (beginning.prefix(3) + piece.readableBytesView.prefix(3)).starts(with: Self.byteOrderMark)
    }

    /// The last line, if it has no end, after the last piece.
    mutating func finish() -> NDJSONLine? { beginning.isEmpty ? nil : takeLine() }

    private mutating func takeLine() -> NDJSONLine? {
        var text = beginning
        beginning = []
        if number == 0, text.starts(with: Self.byteOrderMark) { text.removeFirst(Self.byteOrderMark.count) }
        number += 1
        if text.last == Self.carriageReturn { text.removeLast() }
        guard text.count <= limit else { return NDJSONLine(number: number, content: .tooLong) }
        let isBlank = text.allSatisfy { [UInt8(ascii: " "), UInt8(ascii: "\t"), Self.carriageReturn].contains($0) }
        return isBlank ? nil : NDJSONLine(number: number, content: .text(text))
    }

    private mutating func takeExcess() -> NDJSONLine {
        beginning = []
        number += 1
        return NDJSONLine(number: number, content: .tooLong)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import NIOCore

/// The lines of a body, read as they come: a line is there as soon as its end is, and nothing is read ahead.
///
/// Lines end with LF or CR LF; the last one may have no end. Blank lines are passed over, but counted.
public struct NDJSONLines<Body: AsyncSequence>: AsyncSequence where Body.Element == ByteBuffer {
    /// One line.
    public typealias Element = NDJSONLine

    private let body: Body
    private let limit: Int

    /// Reads from a body.
    ///
    /// - Parameter limit: the most bytes of a line; of a longer one no more is kept than that it was there.
    public init(_ body: Body, limit: Int) {
        self.body = body
        self.limit = limit
    }

    /// Starts to read.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pieces: body.makeAsyncIterator(), splitter: LineSplitter(limit: limit))
    }

    /// Reads line by line.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var pieces: Body.AsyncIterator
        var splitter: LineSplitter

        /// The next line, or `nil` after the last.
        ///
        /// - Throws: what the body throws. A line that it cut off is dropped.
        public mutating func next() async throws -> NDJSONLine? {
            while true {
                if let line = splitter.next() { return line }
                guard let piece = try await pieces.next(isolation: #isolation) else { return splitter.finish() }
                splitter.append(piece)
            }
        }
    }
}

extension NDJSONLines: Sendable where Body: Sendable {}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Some of a category's streams: those whose names are in a range.
public struct StreamRange: Sendable, Hashable {
    /// The stream before the first; `nil` to begin with the first there is.
    public let before: StreamID?
    /// The last stream; `nil` for no end, streams that are yet to begin included.
    public let last: StreamID?

    /// The streams behind one, up to and with another.
    public init(after before: StreamID?, through last: StreamID?) {
        self.before = before
        self.last = last
    }

    /// All streams.
    public static let all = StreamRange(after: nil, through: nil)

    /// Whether a stream is one of them.
    public func contains(_ stream: StreamID) -> Bool {
        if let before, stream.name <= before.name { return false }
        if let last, stream.name > last.name { return false }
        return true
    }
}

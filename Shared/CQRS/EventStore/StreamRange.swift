// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Some of a category's streams: those between two in the order of ``EventScan/readAll(_:in:after:limit:)``.
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
}

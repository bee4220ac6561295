// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Tracing

/// What is recorded of a span.
struct SpanData: Sendable {
    /// Something that happened during the span.
    struct Event: Sendable {
        let name: String
        /// Nanoseconds since 1970-01-01T00:00:00Z.
        let time: UInt64
        let attributes: LimitedAttributes
    }

    /// A span that this one has to do with.
    struct Link: Sendable {
        let context: SpanContext
        let attributes: LimitedAttributes
    }

    var name: String
    let kind: SpanKind
    let context: SpanContext
    let parent: SpanContext?
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    let start: UInt64
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    var end: UInt64
    var attributes = LimitedAttributes()
    var events: [Event] = []
    var droppedEvents = 0
    var links: [Link] = []
    var droppedLinks = 0
    /// `nil` for neither success nor failure.
    var status: SpanStatus?
}

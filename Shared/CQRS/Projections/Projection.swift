// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A read model as a fold: from a document and the next event to the document after it.
public protocol Projection: Sendable {
    /// The events it is made from.
    associatedtype Event: DomainEvent
    /// What it keeps for one stream.
    associatedtype Document: ReadModelDocument

    /// The document after an event.
    ///
    /// - Parameters:
    ///   - document: the document at the version before, or `nil` before the first event.
    ///   - event: what happened.
    ///   - recorded: the same event's envelope, whose version and time the result must carry.
    /// - Throws: ``MalformedEvent`` when the event cannot follow the document.
    static func evolve(
        _ document: Document?, _ event: Event, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> Document
}

/// What a read model keeps for one stream.
///
/// Stores compare and sort by these fields, so they are stored under their own names.
public protocol ReadModelDocument: Sendable, Equatable, Codable {
    /// The version of the last event it reflects.
    var version: Int64 { get }
    /// When that event was recorded.
    var updatedAt: Timestamp { get }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A read model as a fold: from a document and the next event to the document after it, under its permanent names.
///
/// All there is to say of a read model is said here. Its queues, generations, permissions, rebuild, audit, dead letters, cache and
/// metrics follow from it.
public protocol Projection: Sendable {
    /// The events it is made from.
    associatedtype Event: DomainEvent
    /// What it keeps for one stream.
    associatedtype Document: ReadModelDocument

    /// The read model's permanent name, in lower-case letters and `_`: of its collection, its queue (`<name>.projection`), its
    /// notices, in the registry of generations, in metrics and on the command line. One context may have several.
    static var name: String { get }
    /// Of which streams it is made: the part of their names before the hyphen.
    static var category: String { get }
    /// Which events it subscribes to, as AMQP topic patterns: all types that these streams have, since it counts their
    /// versions without gaps.
    static var eventPatterns: [String] { get }
    /// What documents are looked up by, besides their streams.
    static var lookups: [ReadModelField<Document>] { get }
    /// What documents are listed by.
    static var lists: [ReadModelField<Document>] { get }

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

    /// What an event adds beside the document; `nil` when it adds nothing. It follows from the event alone.
    ///
    /// - Parameters:
    ///   - event: one that ``evolve(_:_:_:)`` has applied.
    ///   - recorded: the same event's envelope, whose version the entry must carry.
    static func entry(_ event: Event, _ recorded: RecordedEvent) -> Document.Entry?
}

/// What a read model keeps for one stream.
///
/// Stores compare and sort by these fields, so they are stored under their own names.
public protocol ReadModelDocument: Sendable, Equatable, Codable {
    /// What is kept beside it for single events; `Never` where nothing is.
    associatedtype Entry: ReadModelEntry = Never

    /// The version of the last event it reflects.
    var version: Int64 { get }
    /// When that event was recorded.
    var updatedAt: Timestamp { get }

    /// Sums over all such documents that are kept beside them.
    static var sums: [SumTable] { get }
    /// What this document adds to them. It follows from the document alone, and is never two addends for one row.
    ///
    /// What a stored document has added is computed anew before another takes its place. So with a program that computes something else
    /// rows are wrong until the read model has been rebuilt, or its sums compared and mended.
    var addends: [SumAddend] { get }
}

extension ReadModelDocument {
    /// None.
    public static var sums: [SumTable] { [] }
    /// None.
    public var addends: [SumAddend] { [] }
}

extension ReadModelDocument {
    /// Whether there can be entries beside such documents.
    public static var hasEntries: Bool { Entry.self != Never.self }

    /// Whether the entries beside it go, because it says that what they are of was deleted.
    public var endsEntries: Bool { Self.hasEntries && (self as? any TombstoneDocument)?.isDeleted == true }
}

extension Projection where Document.Entry == Never {
    /// Nothing.
    public static func entry(_ event: Event, _ recorded: RecordedEvent) -> Never? { nil }
}

extension Projection {
    /// None: documents are found by their streams alone.
    public static var lookups: [ReadModelField<Document>] { [] }
    /// None: documents are not listed.
    public static var lists: [ReadModelField<Document>] { [] }
}

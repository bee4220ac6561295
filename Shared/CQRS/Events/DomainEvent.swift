// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// The events of one context: a closed set, each with a wire name and a versioned shape.
public protocol DomainEvent: Sendable, Equatable {
    /// The wire name, a stored constant that outlives every renaming in Swift.
    var type: String { get }

    /// The version of the shape that ``encoded()`` writes.
    var schema: Int { get }

    /// The event's data as a JSON object in UTF-8.
    func encoded() -> [UInt8]

    /// The steps from each shape there ever was to the one after it. None unless the context has some.
    static var upcasts: [EventUpcast] { get }

    /// Reads an event whose data has the shape that ``encoded()`` writes; callers use ``decode(_:)``.
    ///
    /// Members nobody asks for are allowed: a later program may have written them.
    ///
    /// - Throws: ``MalformedEvent`` when the type or schema is unknown or the data does not fit.
    static func decode(latest event: RecordedEvent) throws(MalformedEvent) -> Self
}

/// A message or stored event that cannot be understood.
///
/// The reason never quotes the data: it ends up in headers and logs.
public struct MalformedEvent: CategorizedError, Equatable, CustomStringConvertible {
    /// What is wrong, in a stable word for metrics and filters.
    public enum Reason: String, Sendable, CaseIterable {
        /// The message lacks the headers that make it an event of ours.
        case notAnEvent = "not-an-event"
        /// A header or property is present but unreadable.
        case invalidEnvelope = "invalid-envelope"
        /// The context has no event of that type.
        case unknownType = "unknown-type"
        /// The type is known, this version of its shape is not.
        case unknownSchema = "unknown-schema"
        /// The data is not what the type and schema promise.
        case invalidData = "invalid-data"
        /// Earlier events of the stream never arrived and are not in the event store either, or cannot be applied.
        case missingVersions = "missing-versions"
        /// The event is understood, but the read model cannot take what follows from it.
        case notApplicable = "not-applicable"
    }

    /// What is wrong.
    public let reason: Reason
    /// Which part is wrong, without its content.
    public let detail: String

    /// Describes what cannot be understood; `detail` must not quote data.
    public init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    /// Always ``FailureCategory/malformed``.
    public var category: FailureCategory { .malformed }

    /// Reason and detail.
    public var description: String { "\(reason.rawValue): \(detail)" }
}

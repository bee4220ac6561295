// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Events whose context says only which kinds there are, and how the members of each are written and read.
public protocol JSONEvent: DomainEvent {
    /// What can happen.
    associatedtype Kind: EventKind

    /// What happened.
    var kind: Kind { get }

    /// Writes the members of the event's data.
    ///
    /// - Parameter json: in an object, which the caller opens and closes.
    func writeMembers(to json: inout JSONWriter)

    /// Reads an event of today's shape.
    ///
    /// - Throws: ``MalformedEvent`` when the data does not fit.
    static func read(_ kind: Kind, _ data: EventData) throws(MalformedEvent) -> Self
}

extension JSONEvent {
    /// The wire name.
    public var type: String { kind.rawValue }

    /// The version of the shape that is written today.
    public var schema: Int { kind.schema }

    /// The event's data as a JSON object in UTF-8.
    public func encoded() -> [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        writeMembers(to: &json)
        json.endObject()
        return json.bytes
    }

    /// Reads an event of today's shape.
    public static func decode(latest event: RecordedEvent) throws(MalformedEvent) -> Self {
        guard let kind = Kind(rawValue: event.type) else {
            throw MalformedEvent(.unknownType, "no such event in this context")
        }
        guard event.schema == kind.schema else { throw MalformedEvent(.unknownSchema, "schema \(event.schema)") }
        return try read(kind, EventData(event))
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials

extension UserEvent: DomainEvent {
    /// What can happen, by its wire name.
    enum Kind: String, CaseIterable {
        case created = "user.created"
        case updated = "user.updated"
        case deleted = "user.deleted"

        /// The version of the shape that is written today. A new one needs a step in ``UserEvent/upcasts`` and a stored
        /// sample.
        var schema: Int {
            switch self {
            case .created, .updated, .deleted: 1
            }
        }
    }

    /// What happened.
    var kind: Kind {
        switch self {
        case .created: .created
        case .updated: .updated
        case .deleted: .deleted
        }
    }

    /// The wire name.
    public var type: String { kind.rawValue }

    /// The version of the shape that is written today.
    public var schema: Int { kind.schema }

    /// The data as JSON: `{"id","name","email"}` for `user.created` and `user.updated`, `{"id"}` for `user.deleted`.
    public func encoded() -> [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        switch self {
        case .created(let user):
            json.member("id", user.id.description)
            json.member("name", user.name)
            json.member("email", user.email)
        case .updated(let user):
            json.member("id", user.id.description)
            json.member("name", user.name)
            json.member("email", user.email)
        case .deleted(let user):
            json.member("id", user.id.description)
        }
        json.endObject()
        return json.bytes
    }

    /// Reads an event of today's shape.
    public static func decode(latest event: RecordedEvent) throws(MalformedEvent) -> UserEvent {
        guard let kind = Kind(rawValue: event.type) else {
            throw MalformedEvent(.unknownType, "no such event in this context")
        }
        guard event.schema == kind.schema else { throw MalformedEvent(.unknownSchema, "schema \(event.schema)") }
        let data = try EventData(event)
        guard let id = UUIDv7(try data.string("id")) else { throw MalformedEvent(.invalidData, "id") }
        switch kind {
        case .created:
            return .created(UserCreated(id: id, name: try data.string("name"), email: try data.string("email")))
        case .updated:
            return .updated(UserUpdated(id: id, name: try data.string("name"), email: try data.string("email")))
        case .deleted:
            return .deleted(UserDeleted(id: id))
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

extension UserEvent: DomainEvent {
    private static let createdType = "user.created"

    /// The wire name.
    public var type: String {
        switch self {
        case .created: Self.createdType
        }
    }

    /// The version of the shape that is written today.
    public var schema: Int {
        switch self {
        case .created: 1
        }
    }

    /// The data as JSON; for `user.created` 1: `{"id","name","email"}`.
    public func encoded() -> [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        switch self {
        case .created(let user):
            json.member("id", user.id.description)
            json.member("name", user.name)
            json.member("email", user.email)
        }
        json.endObject()
        return json.bytes
    }

    /// Reads an event of any schema version there ever was. Members nobody asks for are allowed: a later program may
    /// have written them.
    public static func decode(_ event: RecordedEvent) throws(MalformedEvent) -> UserEvent {
        switch (event.type, event.schema) {
        case (createdType, 1):
            let data = try EventData(event)
            guard let id = UUIDv7(try data.string("id")) else { throw MalformedEvent(.invalidData, "id") }
            return .created(UserCreated(id: id, name: try data.string("name"), email: try data.string("email")))
        case (createdType, _):
            throw MalformedEvent(.unknownSchema, "schema \(event.schema)")
        default:
            throw MalformedEvent(.unknownType, "no such event in this context")
        }
    }
}

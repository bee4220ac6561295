// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

extension UserEvent: JSONEvent {
    /// What can happen, by its wire name.
    public enum Kind: String, EventKind {
        /// Somebody registered.
        case created = "user.created"
        /// Name, address or both were changed.
        case updated = "user.updated"
        /// The user was removed.
        case deleted = "user.deleted"
    }

    /// What happened.
    public var kind: Kind {
        switch self {
        case .created: .created
        case .updated: .updated
        case .deleted: .deleted
        }
    }

    /// Writes `{"id","name","email"}` for `user.created` and `user.updated`, `{"id"}` for `user.deleted`.
    public func writeMembers(to json: inout JSONWriter) {
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
    }

    /// Reads an event of today's shape.
    public static func read(_ kind: Kind, _ data: EventData) throws(MalformedEvent) -> UserEvent {
        let id = try data.uuid("id")
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

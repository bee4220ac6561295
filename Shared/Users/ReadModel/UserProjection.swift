// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials

/// The users' read model as a fold.
public enum UserProjection: Projection {
    /// `users`.
    public static let name = Users.name
    /// `user`.
    public static let category = Users.streamCategory
    /// All that can happen to users.
    public static let eventPatterns = ["user.*"]
    /// By address.
    public static let lookups = [UserDocument.byEmail]
    /// By name.
    public static let lists = [UserDocument.byName]

    /// The document after an event.
    public static func evolve(
        _ document: UserDocument?, _ event: UserEvent, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> UserDocument {
        switch event {
        case .created(let user):
            guard document == nil else { throw MalformedEvent(.invalidData, "a user is created once") }
            try check(user.id, recorded)
            return UserDocument(
                id: user.id.description, version: recorded.version, createdAt: recorded.recordedAt,
                updatedAt: recorded.recordedAt, name: user.name, email: user.email)
        case .updated(let user):
            let before = try living(document)
            try check(user.id, recorded)
            return UserDocument(
                id: before.id, version: recorded.version, createdAt: before.createdAt, updatedAt: recorded.recordedAt,
                name: user.name, email: user.email)
        case .deleted(let user):
            let before = try living(document)
            try check(user.id, recorded)
            return UserDocument(
                id: before.id, version: recorded.version, createdAt: before.createdAt, updatedAt: recorded.recordedAt)
        }
    }

    private static func living(_ document: UserDocument?) throws(MalformedEvent) -> UserDocument {
        guard let document, !document.isDeleted else {
            throw MalformedEvent(.invalidData, "there is no such user to change")
        }
        return document
    }

    private static func check(_ id: UUIDv7, _ recorded: RecordedEvent) throws(MalformedEvent) {
        guard Users.stream(of: id) == recorded.stream else {
            throw MalformedEvent(.invalidData, "the event is about another user than its stream")
        }
    }
}

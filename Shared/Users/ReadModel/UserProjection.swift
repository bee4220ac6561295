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
            try document.checkAbsent()
            try recorded.check(isIn: Users.stream(of: user.id))
            return UserDocument(
                id: user.id.description, version: recorded.version, createdAt: recorded.recordedAt,
                updatedAt: recorded.recordedAt, name: user.name, email: user.email)
        case .updated(let user):
            let before = try document.existing()
            try recorded.check(isIn: Users.stream(of: user.id))
            return UserDocument(
                id: before.id, version: recorded.version, createdAt: before.createdAt, updatedAt: recorded.recordedAt,
                name: user.name, email: user.email)
        case .deleted(let user):
            let before = try document.existing()
            try recorded.check(isIn: Users.stream(of: user.id))
            return UserDocument(
                id: before.id, version: recorded.version, createdAt: before.createdAt, updatedAt: recorded.recordedAt)
        }
    }
}

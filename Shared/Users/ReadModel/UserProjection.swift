// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// The users' read model as a fold.
public enum UserProjection: Projection {
    /// The document after an event.
    public static func evolve(
        _ document: UserDocument?, _ event: UserEvent, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> UserDocument {
        switch event {
        case .created(let user):
            guard document == nil else { throw MalformedEvent(.invalidData, "a user is created once") }
            guard Users.stream(of: user.id) == recorded.stream else {
                throw MalformedEvent(.invalidData, "the event is about another user than its stream")
            }
            return UserDocument(
                id: user.id.description, name: user.name, email: user.email, emailKey: EmailAddress.key(of: user.email),
                version: recorded.version, createdAt: recorded.recordedAt, updatedAt: recorded.recordedAt)
        }
    }
}

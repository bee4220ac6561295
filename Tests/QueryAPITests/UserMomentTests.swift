// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import Users

@testable import QueryAPI

/// The user of these tests registers at 13:00, is renamed at 14:00 and moves to another address at 15:00.
@Suite("GET /users/{email} as it was", .timeLimit(.minutes(1)))
struct UserMomentTests {
    private let users = InMemoryReadModel<UserDocument>()
    private let store = InMemoryEventStore()
    private let id = UUIDv7(at: time(of: 0))

    private func register() async {
        await store.append(
            [
                .created(UserCreated(id: id, name: "Ada", email: "Ada@b.org")),
                .updated(UserUpdated(id: id, name: "Ada L", email: "Ada@b.org")),
                .updated(UserUpdated(id: id, name: "Ada L", email: "new@b.org")),
            ], of: id)
    }

    private func user(_ version: Int64) -> User {
        User(
            id: id.description, name: version == 1 ? "Ada" : "Ada L", email: version == 3 ? "new@b.org" : "Ada@b.org",
            version: version, createdAt: time(of: 1).description, updatedAt: time(of: version).description)
    }

    @Test("shows each version, with it as the entity tag", arguments: [1, 2, 3])
    func version(version: Int64) async throws {
        await register()
        try await withQueryAPI(users, events: store) { client in
            let found: User = try await client.get("/users/NEW@b.org?version=\(version)")
            #expect(found == user(version))
            let uri = "/users/new@b.org?version=\(version)"
            try await client.execute(uri: uri, method: .get) { response in
                #expect(response.headers[.eTag] == "\"\(version)\"")
            }
            try await client.execute(uri: uri, method: .get, headers: [.ifNoneMatch: "\"\(version)\""]) { response in
                #expect(response.status == .notModified)
            }
        }
    }

    @Test("answers 404 with the present version to one that does not exist yet", arguments: ["4", "9999999999"])
    func beyond(version: String) async throws {
        await register()
        try await withQueryAPI(users, events: store) { client in
            let problem: Problem = try await client.get("/users/new@b.org?version=\(version)", .notFound)
            #expect(problem.type == "/problems/no-such-version")
            #expect(problem.version == 3)
        }
    }

    @Test(
        "shows the user at a time, to the millisecond, and now for times to come",
        arguments: [
            ("2026-03-01T13:00:00Z", 1), ("2026-03-01T13:59:59.999Z", 1), ("2026-03-01T14:00:00Z", 2),
            ("2026-03-01T15:00:00+01:00", 2), ("2026-03-01T16:00:00%2B01:00", 3), ("2026-03-01T15:00:00Z", 3),
            ("9999-12-31T23:59:59Z", 3),
        ])
    func moment(text: String, version: Int64) async throws {
        await register()
        try await withQueryAPI(users, events: store) { client in
            let found: User = try await client.get("/users/new@b.org?at=\(text)")
            #expect(found == user(version))
        }
    }

    @Test(
        "answers 404 for a time before the registration",
        arguments: ["2026-03-01T12:59:59.999Z", "0000-01-01T00:00:00Z"])
    func tooEarly(text: String) async throws {
        await register()
        try await withQueryAPI(users, events: store) { client in
            let problem: Problem = try await client.get("/users/new@b.org?at=\(text)", .notFound)
            #expect(problem.type == "/problems/not-yet-registered")
        }
    }

    @Test("finds who has the address today, not who had it then", arguments: ["version=1", "at=2026-03-01T13:30:00Z"])
    func addressOfToday(query: String) async throws {
        await register()
        try await withQueryAPI(users, events: store) { client in
            let problem: Problem = try await client.get("/users/ada@b.org?\(query)", .notFound)
            #expect(problem.type == "/problems/user-not-found")
        }
    }

    @Test("finds no deleted user, at any moment", arguments: ["version=1", "version=2", "at=2026-03-01T13:30:00Z"])
    func deleted(query: String) async throws {
        let events: [UserEvent] = [
            .created(UserCreated(id: id, name: "Ada", email: "ada@b.org")), .deleted(UserDeleted(id: id)),
        ]
        await store.append(events, of: id, releasing: false)
        try await withQueryAPI(users, events: store) { client in
            let problem: Problem = try await client.get("/users/ada@b.org?\(query)", .notFound)
            #expect(problem.type == "/problems/user-not-found")
        }
    }
}

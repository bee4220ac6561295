// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import CQRSTesting
import Essentials
import Hummingbird
import HummingbirdTesting
import Testing
import Users

@testable import QueryAPI

@Suite("The query API's parameters", .timeLimit(.minutes(1)))
struct BadQueryTests {
    /// Cursors that the API itself gave, but for another list.
    private static let otherList = EventPosition(stream: Users.stream(of: UUIDv7(at: time(of: 1))), version: 1).cursor(
        "history")
    private static let otherPrefix =
        ReadModelPosition(value: "bob", stream: Users.stream(of: UUIDv7(at: time(of: 1)))).cursor("users")

    private static let lists = ["/users", "/users/ada@b.org/history"].flatMap { path in
        [
            ("\(path)?limit=0", ["limit"]), ("\(path)?limit=501", ["limit"]), ("\(path)?limit=", ["limit"]),
            ("\(path)?limit", ["limit"]), ("\(path)?limit=-1", ["limit"]), ("\(path)?limit=1.5", ["limit"]),
            ("\(path)?limit=ten", ["limit"]), ("\(path)?limit=99999999999999999999", ["limit"]),
            ("\(path)?limit=1&limit=2", ["limit"]), ("\(path)?limit=%zz", ["limit"]), ("\(path)?limit=%FF", ["limit"]),
            ("\(path)?after=", ["after"]), ("\(path)?after=1", ["after"]), ("\(path)?after=MWE", ["after"]),
            ("\(path)?after=..%2F..", ["after"]), ("\(path)?after=%00", ["after"]), ("\(path)?after=$ne", ["after"]),
            ("\(path)?after[$gt]=", ["after[$gt]"]), ("\(path)?Limit=1", ["Limit"]), ("\(path)?offset=1", ["offset"]),
            ("\(path)?limit=0&after=x&typo=1", ["after", "limit", "typo"]), ("\(path)?=1", [""]),
            ("\(path)?after=\(String(repeating: "A", count: 4000))", ["after"]),
        ]
    }

    private static let users = [
        ("/users?after=\(otherList)", ["after"]), ("/users?name=a&after=\(otherPrefix)", ["after"]),
        ("/users?name=\(String(repeating: "a", count: 101))", ["name"]), ("/users?name=a&name=b", ["name"]),
        ("/users?name=%C3", ["name"]), ("/users?email=ada@b.org", ["email"]), ("/users?version=1", ["version"]),
        ("/users/ada@b.org/history?after=\(otherPrefix)", ["after"]),
        ("/users/ada@b.org/history?after=\(version("0"))", ["after"]),
        ("/users/ada@b.org/history?after=\(version("-1"))", ["after"]),
        ("/users/ada@b.org/history?after=\(version("10000000000"))", ["after"]),
        ("/users/ada@b.org/history?after=\(version("9223372036854775807"))", ["after"]),
        ("/users/ada@b.org/history?name=a", ["name"]), ("/users/ada@b.org/history?at=2026-03-01T12:00:00Z", ["at"]),
    ]

    private static let moments = [
        ("/users/ada@b.org?version=0", ["version"]), ("/users/ada@b.org?version=-1", ["version"]),
        ("/users/ada@b.org?version=", ["version"]), ("/users/ada@b.org?version=last", ["version"]),
        ("/users/ada@b.org?version=10000000000", ["version"]), ("/users/ada@b.org?version=1&version=1", ["version"]),
        ("/users/ada@b.org?at=", ["at"]), ("/users/ada@b.org?at=yesterday", ["at"]),
        ("/users/ada@b.org?at=2026-03-01", ["at"]), ("/users/ada@b.org?at=2026-02-30T12:00:00Z", ["at"]),
        ("/users/ada@b.org?at=2026-03-01T12:00:00", ["at"]), ("/users/ada@b.org?at=1772366400", ["at"]),
        ("/users/ada@b.org?at=2026-03-01T12:00:00Z&version=1", ["version"]),
        ("/users/ada@b.org?minVersion=1&at=2026-03-01T12:00:00Z", ["minVersion"]),
        ("/users/ada@b.org?minVersion=x&id=y&version=1", ["minVersion", "id"]),
        ("/users/ada@b.org?at=x&version=0", ["at", "version", "version"]), ("/users/ada@b.org?when=now", ["when"]),
        ("/users/ada@b.org?minVersion=0", ["minVersion"]),
        ("/users/ada@b.org?minVersion=x&id=7", ["minVersion", "id"]),
        ("/users/ada@b.org?minVersion=1&minVersion=2", ["minVersion"]),
        ("/users/ada@b.org?id=0195f0a0-0000-7000-8000-000000000000", ["id"]),
        ("/users/changes?lastEventId=7", ["lastEventId"]), ("/users/changes?last=7", ["last"]),
    ]

    /// A cursor with a version that no event has.
    private static func version(_ text: String) -> String {
        EventPosition(stream: Users.stream(of: UUIDv7(at: time(of: 1))), version: Int64(text) ?? 0).cursor("history")
    }

    @Test("are refused with 400, each bad one named, whether the user exists or not", arguments: [true, false])
    func table(exists: Bool) async throws {
        let (users, store) = (InMemoryReadModel<UserDocument>(), InMemoryEventStore())
        let id = UUIDv7(at: time(of: 1))
        if exists {
            await store.append([.created(UserCreated(id: id, name: "Ada", email: "ada@b.org"))], of: id)
        }
        try await withQueryAPI(users, events: store) { client in
            for (uri, parameters) in Self.lists + Self.users + Self.moments {
                let problem: Problem = try await client.get(uri, .badRequest)
                #expect(problem.type == "/problems/invalid-parameters", "\(uri)")
                #expect(problem.errors?.map(\.parameter) == parameters, "\(uri)")
                #expect(problem.errors?.allSatisfy { !$0.detail.isEmpty } == true, "\(uri)")
            }
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Testing

@Suite("A stream's name")
struct StreamIDTests {
    @Test("is the category and the identifier")
    func parts() throws {
        let id = UUIDv7(at: .now())
        let stream = StreamID(category: "user", id: id)
        #expect(stream.name == "user-\(id)")
        #expect(stream.category == "user")
        #expect(stream.entity == id.description)
        #expect(StreamID(stream.name) == stream)
    }

    @Test(
        "is the category and a key",
        arguments: ["17", "a", "2027-01-31", "prod_1.b", "-", String(repeating: "k", count: 200)])
    func keys(key: String) throws {
        let stream = try #require(StreamID(category: "day", key: key))
        #expect(stream.name == "day-\(key)")
        #expect(stream.category == "day")
        #expect(stream.entity == key)
        #expect(StreamID(stream.name) == stream)
    }

    @Test("of a key that reads like an identifier is that of the identifier")
    func identifierAsKey() {
        let id = UUIDv7(at: .now())
        #expect(StreamID(category: "user", key: id.description) == StreamID(category: "user", id: id))
    }

    @Test(
        "is refused in any other form",
        arguments: [
            "", "user", "user-", "-017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "User-17", "us er-17", "user2-17", "user-A",
            "user-a b", "user-a:b", "user-a;b", "user-é", "user-a/b", "user-" + String(repeating: "k", count: 201),
        ])
    func refusals(name: String) {
        #expect(StreamID(name) == nil)
    }
}

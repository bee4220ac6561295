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
        "is refused in any other form",
        arguments: [
            "", "user", "user-", "-017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "user-17",
            "User-017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "us er-017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        ])
    func refusals(name: String) {
        #expect(StreamID(name) == nil)
    }
}

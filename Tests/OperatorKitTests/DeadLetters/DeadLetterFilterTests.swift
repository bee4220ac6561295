// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import ArgumentParser
import CQRS
import CQRSAMQP
import Testing

@testable import Consumer
@testable import OperatorKit

@Suite("A selection of dead letters")
struct DeadLetterFilterTests {
    private func filter(_ arguments: String...) throws -> DeadLetterFilter { try DeadLetterFilter.parse(arguments) }

    @Test("without a filter is everything")
    func everything() throws {
        #expect(try filter().matches(record(1, 1)))
        #expect(try filter().isEmpty)
    }

    @Test("by reasons has the letters with one of them")
    func reasons() throws {
        let filter = try filter("--reason", "invalid-data", "--reason", "unknown-type")
        #expect(filter.matches(record(1, 1, .invalidData)))
        #expect(filter.matches(record(1, 1, .unknownType)))
        #expect(!filter.matches(record(1, 1, .notAnEvent)))
        #expect(!filter.isEmpty)
    }

    @Test("by a reason that no letter can have is a mistake, and says which there are")
    func unknownReason() throws {
        let error = #expect(throws: (any Error).self) { try filter("--reason", "invalid-date") }
        let text = error.map { DeadLetterFilter.message(for: $0) } ?? ""
        #expect(text.contains("invalid-data"))
        #expect(text.contains("delivery-limit"))
        #expect(throws: Never.self) { try filter("--reason", "delivery-limit") }
    }

    @Test(
        "by a stream has its letters, whether the stream or the entity is named, in any case",
        arguments: [stream(7), "\(uuid(7))", stream(7).uppercased(), "\(uuid(7))".uppercased()])
    func streams(name: String) throws {
        let filter = try filter("--stream", name)
        #expect(filter.matches(record(7, 1)))
        #expect(!filter.matches(record(8, 1)))
    }

    @Test("by reason and stream has what passes both")
    func both() throws {
        let filter = try filter("--stream", stream(7), "--reason", "invalid-data")
        #expect(filter.matches(record(7, 1)))
        #expect(!filter.matches(record(7, 1, .unknownType)))
        #expect(!filter.matches(record(8, 1)))
    }

    @Test("refuses what is no stream", arguments: ["user", "7", "user-", "user-A 7", "ada@computing.org", ""])
    func noStream(name: String) {
        #expect(throws: (any Error).self) { try filter("--stream", name) }
    }

    @Test("that changes something has to be named")
    func selection() throws {
        #expect(throws: (any Error).self) { try DeadLetterSelection.parse([]) }
        #expect(throws: (any Error).self) { try DeadLetterSelection.parse(["--all", "an-id"]) }
        #expect(try DeadLetterSelection.parse(["--all"]).matches(record(1, 1)))
        #expect(try DeadLetterSelection.parse(["--all", "--stream", stream(2)]).matches(record(2, 1)))
        #expect(try !DeadLetterSelection.parse(["--all", "--stream", stream(2)]).matches(record(1, 1)))
        let ids = try DeadLetterSelection.parse([eventID(1, 1), eventID(1, 2), "--reason", "invalid-data"])
        #expect(ids.matches(record(1, 1)) && ids.matches(record(1, 2)))
        #expect(!ids.matches(record(1, 3)))
        #expect(!ids.matches(record(1, 1, .unknownType)))
        #expect(ids.missing(from: [eventID(1, 2)]) == [eventID(1, 1)])
    }

    @Test("takes an id as it is printed")
    func printedID() throws {
        let letter = DeadLetterRecord(properties: .init(messageID: "by hand\u{1B}"), body: [])
        #expect(try DeadLetterSelection.parse([#"by hand\u{1B}"#]).matches(letter))
    }

    @Test("is of a read model that there is", arguments: ["", "Users", "a.b", "users.projection", "a b"])
    func readModel(name: String) {
        #expect(throws: (any Error).self) { try DeadLettersCommand<Consumer>.List.parse(["--read-model", name]) }
    }

    @Test("is bounded by a number from 1 on", arguments: ["0", "-1", "many"])
    func limit(number: String) {
        #expect(throws: (any Error).self) { try DeadLettersCommand<Consumer>.List.parse(["--limit=\(number)"]) }
    }
}

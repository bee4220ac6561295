// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Foundation
import Logging
import MongoDB
import TestSupport
import Testing

@testable import CQRSMongoDB

/// What every registry of generations must do, whatever it is kept in.
@Suite("A registry of generations", .timeLimit(.minutes(2)))
struct GenerationRegistryContract {
    /// Runs the same test against the one in memory and the one in MongoDB.
    private func withEach(_ body: (any GenerationRegistry) async throws -> Void) async throws {
        try await body(InMemoryGenerationRegistry())
        guard let uri = try TestEnvironment.mongoURI() else { return }
        let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let database = client.database("contract_\(UUID().uuidString.prefix(8))")
        do {
            try await body(MongoGenerationRegistry(client: client, database: database.name))
        } catch {
            try? await database.drop()
            await client.close(within: .zero)
            throw error
        }
        try await database.drop()
        await client.close(within: .zero)
    }

    private let a = UUIDv7(at: .now())
    private let b = UUIDv7(at: .now())
    /// Longer than any test.
    private let long = Duration.seconds(600)

    @Test("says that the first generation serves when nothing is written, and writes nothing for that")
    func empty() async throws {
        try await withEach { registry in
            for _ in 0..<2 {
                let record = try await registry.read("notes")
                #expect(record == GenerationRecord(state: GenerationState(), revision: 0))
                #expect(record.state.queues == [GenerationQueue(.first, hasOwnQueue: false)])
            }
            #expect(try await registry.take("notes", for: a, silentFor: long) == GenerationRecord())
        }
    }

    @Test("gives back every part of what its holder has written, with the number of changes")
    func roundTrip() async throws {
        try await withEach { registry in
            var record = try #require(try await registry.take("notes", for: a, silentFor: long))
            var build = GenerationBuild(Generation(7))
            build.isBound = true
            build.filledThrough = "note-017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
            (build.commits, build.events) = (4_000_000_000, 5_000_000_000)
            (build.documents, build.stopped, build.isFilled) = (17, 3, true)
            record.state.serving = Generation(5)
            record.state.standby = Generation(6)
            record.state.build = build
            record.state.handover = .catchingUp
            record.state.retiring = Generation(4)
            record.state.permanentQueue = Generation(6)
            record.state.draining = .stopped
            record.state.last = Generation(7)
            let first = try await registry.write(record, of: "notes", as: a)
            #expect(first == GenerationRecord(state: record.state, revision: 1))
            #expect(try await registry.read("notes") == first)

            var next = try #require(first)
            next.state = GenerationState()
            let second = try await registry.write(next, of: "notes", as: a)
            #expect(second == GenerationRecord(state: GenerationState(), revision: 2))
            #expect(try await registry.read("notes") == second)
        }
    }

    @Test("has one holder at a time, until that gives up or is silent")
    func lease() async throws {
        try await withEach { registry in
            #expect(try await registry.take("notes", for: a, silentFor: long) != nil)
            #expect(try await registry.take("notes", for: a, silentFor: long) != nil)
            #expect(try await registry.take("notes", for: b, silentFor: long) == nil)
            #expect(try await registry.hold("notes", as: a))
            #expect(try await !registry.hold("notes", as: b))
            // Who does not hold it cannot give it up.
            try await registry.release("notes", as: b)
            #expect(try await registry.take("notes", for: b, silentFor: long) == nil)
            try await registry.release("notes", as: a)
            #expect(try await registry.take("notes", for: b, silentFor: long) != nil)

            try await eventually("the holder silent for long enough") {
                try await registry.take("notes", for: a, silentFor: .milliseconds(30)) != nil
            }
            #expect(try await !registry.hold("notes", as: b))
            #expect(try await registry.hold("notes", as: a))
        }
    }

    @Test("takes a holder for alive that shows it, or changes something")
    func signsOfLife() async throws {
        try await withEach { registry in
            var record = try #require(try await registry.take("notes", for: a, silentFor: long))
            let start = ContinuousClock.now
            // Far longer than the silence that is asked for, in steps that are far shorter.
            while ContinuousClock.now - start < .seconds(2) {
                if record.revision.isMultiple(of: 2) { #expect(try await registry.hold("notes", as: a)) }
                record = try #require(try await registry.write(record, of: "notes", as: a))
                let taken = try await registry.take("notes", for: b, silentFor: .seconds(1))
                guard taken == nil else {
                    // A machine that stood still for a second is no failure of the registry.
                    #expect(ContinuousClock.now - start > .seconds(1))
                    return
                }
            }
        }
    }

    @Test("lets nobody write but the holder, and nothing over what has changed")
    func compareAndSet() async throws {
        try await withEach { registry in
            let record = try #require(try await registry.take("notes", for: a, silentFor: long))
            var changed = record
            changed.state.last = Generation(2)
            #expect(try await registry.write(changed, of: "notes", as: b) == nil)
            #expect(try await registry.write(changed, of: "notes", as: a) != nil)
            #expect(try await registry.write(changed, of: "notes", as: a) == nil)
            #expect(try await registry.read("notes").revision == 1)
            try await registry.release("notes", as: a)
            let other = try #require(try await registry.take("notes", for: b, silentFor: long))
            #expect(try await registry.write(other, of: "notes", as: a) == nil)
            #expect(try await registry.read("notes") == other)
        }
    }

    @Test("keeps read models apart")
    func apart() async throws {
        try await withEach { registry in
            var record = try #require(try await registry.take("notes", for: a, silentFor: long))
            record.state.last = Generation(2)
            _ = try await registry.write(record, of: "notes", as: a)
            #expect(try await registry.read("pages") == GenerationRecord())
            #expect(try await readAll(registry) == ["notes": try await registry.read("notes")])
            #expect(try await registry.take("pages", for: b, silentFor: long) == GenerationRecord())
            #expect(
                try await readAll(registry) == [
                    "notes": try await registry.read("notes"), "pages": GenerationRecord(),
                ])
        }
    }

    private func readAll(_ registry: any GenerationRegistry) async throws -> [String: GenerationRecord] {
        try await registry.readAll().mapValues { try $0.get() }
    }

    @Test("says of one that cannot be decoded that it cannot, and of the others what is written")
    func undecodable() async throws {
        guard let uri = try TestEnvironment.mongoURI() else { return }
        let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let database = client.database("contract_\(UUID().uuidString.prefix(8))")
        do {
            let registry = MongoGenerationRegistry(client: client, database: database.name)
            _ = try await registry.take("notes", for: a, silentFor: long)
            try await database.collection("generations").insertOne(["_id": "pages", "revision": "by hand"])
            let found = try await registry.readAll()
            #expect(try found["notes"]?.get() == GenerationRecord())
            #expect(throws: (any Error).self) { try found["pages"]?.get() }
        } catch {
            try? await database.drop()
            await client.close(within: .zero)
            throw error
        }
        try await database.drop()
        await client.close(within: .zero)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Logging
import Testing
import Users

@Suite("The users' read model", .timeLimit(.minutes(1)))
struct UserReadModelTests {
    private let store = InMemoryEventStore()
    private let model = InMemoryReadModel<UserDocument>()
    private let ada = UUIDv7(at: time(of: 1))
    private let ben = UUIDv7(at: time(of: 2))

    private func created(_ id: UUIDv7, _ email: String) -> UserEvent {
        .created(UserCreated(id: id, name: "N", email: email))
    }

    private func updated(_ id: UUIDv7, _ email: String) -> UserEvent {
        .updated(UserUpdated(id: id, name: "N", email: email))
    }

    /// Appends events at their places.
    private func append(_ events: [RecordedEvent]) async {
        for event in events {
            _ = await store.append(EventAppend(Commit(event), writer: WriterID(), sequence: 1))
        }
    }

    /// Delivers events and waits until the read model reflects them; none may be put aside.
    private func project(_ events: [RecordedEvent], batchSize: Int = 100) async throws {
        let broker = InMemoryBroker()
        _ = await broker.publish(events)
        broker.end()
        try await Projector(
            UserProjection.self, name: Users.name, subscription: broker.subscribe(), history: store, model: model,
            batchSize: batchSize, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ).run()
        #expect(broker.depth == 0)
        #expect(broker.deadLetters.isEmpty)
    }

    private func find(_ email: String) async -> String? {
        await model.first(where: UserDocument.byEmail, equals: EmailAddress.key(of: email))?.id
    }

    @Test("does not bring a deleted user back, however late the earlier events come", arguments: [1, 2, 100])
    func tombstone(batchSize: Int) async throws {
        let events = [
            recorded(created(ada, "a@b.org"), version: 1, user: ada),
            recorded(updated(ada, "c@b.org"), version: 2, user: ada),
            recorded(.deleted(UserDeleted(id: ada)), version: 3, user: ada),
        ]
        await append(events)
        try await project([events[2], events[0], events[1], events[2], events[1]], batchSize: batchSize)
        try await project(events.reversed(), batchSize: batchSize)
        let document = try #require(model.snapshot[Users.stream(of: ada)])
        #expect(document.version == 3)
        #expect(document.isDeleted)
        #expect(await find("a@b.org") == nil)
        #expect(await find("c@b.org") == nil)
    }

    @Test("hands an address from one user to another in one batch, in whatever order the two are met")
    func handOver() async throws {
        let events = [
            recorded(created(ada, "shared@b.org"), version: 1, user: ada),
            recorded(updated(ada, "ada@b.org"), version: 2, user: ada),
            recorded(created(ben, "Shared@b.org"), version: 1, user: ben),
        ]
        await append(events)
        try await project(events.shuffled())
        #expect(await find("shared@b.org") == ben.description)
        #expect(await find("ada@b.org") == ada.description)
    }

    @Test(
        "shows who took an address last while the one who gave it up still seems to have it", arguments: [true, false])
    func handOverInProgress(takerRegisteredFirst: Bool) async throws {
        let (giver, taker) = takerRegisteredFirst ? (ben, ada) : (ada, ben)
        // Times run across both streams.
        var events = [
            recorded(created(giver, "shared@b.org"), version: 1, user: giver),
            recorded(created(taker, "taker@b.org"), version: 2, user: taker),
            recorded(.deleted(UserDeleted(id: giver)), version: 3, user: giver),
            recorded(updated(taker, "shared@b.org"), version: 4, user: taker),
        ]
        for (index, version) in [1, 1, 2, 2].enumerated() { events[index].version = Int64(version) }
        try await project([events[0], events[1], events[3]])
        #expect(await find("shared@b.org") == taker.description)
        try await project([events[2]])
        #expect(await find("shared@b.org") == taker.description)
        try await project([recorded(.deleted(UserDeleted(id: taker)), version: 3, user: taker)])
        #expect(await find("shared@b.org") == nil)
    }
}

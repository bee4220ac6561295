// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Synchronization
import TestSupport
import Testing

@testable import CQRSUpkeep

@Suite("Catching up with the event store", .timeLimit(.minutes(1)))
struct CatchUpTests {
    private let store = InMemoryEventStore()
    private let model = InMemoryReadModel<Count>()
    private let ledger = Ledger()

    private func catchingUp(
        once isSubscribed: @Sendable @escaping () -> Bool = { true },
        _ body: (CatchUp<CountProjection, InMemoryReadModel<Count>>) async throws -> Void
    ) async throws {
        let audit = ReadModelAudit(
            CountProjection.self, events: store, model: model, patience: .zero)
        let catchUp = CatchUp(audit, ledger: ledger, logger: quietLogger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await catchUp.run(once: isSubscribed) }
            try await body(catchUp)
            group.cancelAll()
        }
    }

    @Test("heals every stream, without a new event of any, each time it is asked for")
    func heals() async throws {
        let (first, second) = (makeStream(), makeStream())
        await store.append(makeHistory(of: first, through: 3))
        try await catchingUp { catchUp in
            try await catchUp.request()
            try await eventually("the first") { model.snapshot[first] == Count(total: 6, version: 3) }
            try await eventually("done") { ledger.state.withLock { $0.pending == nil } }
            await store.append(makeHistory(of: second, through: 2))
            try await catchUp.request()
            try await eventually("the second") { model.snapshot[second] == Count(total: 3, version: 2) }
        }
    }

    @Test("does what a process before it was asked for")
    func inherited() async throws {
        let stream = makeStream()
        await store.append(makeHistory(of: stream, through: 3))
        try await ledger.request()
        try await catchingUp { _ in
            try await eventually("healed") { model.snapshot[stream] == Count(total: 6, version: 3) }
            try await eventually("done") { ledger.state.withLock { $0.pending == nil } }
        }
    }

    @Test("begins when new events come to the queue again, and not before")
    func subscribed() async throws {
        let (stream, isSubscribed, looks) = (makeStream(), Flag(), Flag())
        await store.append(makeHistory(of: stream, through: 1))
        try await ledger.request()
        let check: @Sendable () -> Bool = {
            defer { looks.set() }
            return isSubscribed.isSet
        }
        try await catchingUp(once: check) { _ in
            try await eventually("a look") { looks.isSet }
            #expect(model.snapshot.isEmpty)
            isSubscribed.set()
            try await eventually("healed") { model.snapshot[stream] != nil }
        }
    }

    @Test("is tried again while the ledger is away")
    func outage() async throws {
        let stream = makeStream()
        await store.append(makeHistory(of: stream, through: 1))
        try await ledger.request()
        ledger.state.withLock { $0.failures = 3 }
        try await catchingUp { _ in
            try await eventually("done") { ledger.state.withLock { $0.pending == nil } }
            #expect(model.snapshot[stream] != nil)
        }
    }
}

private final class Ledger: CatchUpLedger {
    struct State {
        var count = 0
        var pending: String?
        var failures = 0
    }

    let state = Mutex(State())

    func request() async throws {
        state.withLock { state in
            state.count += 1
            state.pending = "\(state.count)"
        }
    }

    func pending() async throws -> String? {
        try state.withLock { state in
            guard state.failures == 0 else {
                state.failures -= 1
                throw Away()
            }
            return state.pending
        }
    }

    func complete(_ request: String) async throws {
        state.withLock { if $0.pending == request { $0.pending = nil } }
    }
}

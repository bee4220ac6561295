// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Essentials
import Testing

@testable import CQRS

@Suite("Expired idempotency keys", .timeLimit(.minutes(1)))
struct IdempotencyExpiryTests {
    private let store = InMemoryEventStore()
    private let hour: Int64 = 3_600_000
    private let now = Timestamp.now()

    private func key(_ name: String) -> IdempotencyKey { IdempotencyKey(scope: "s", key: name, fingerprint: "f") }

    private func before(_ hours: Int64) -> Timestamp {
        Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch - hours * hour)
    }

    @Test("are freed, however many there are, and no other key or claim is")
    func round() async throws {
        for number in 0..<1200 {
            let stream = makeStream()
            var event = RecordedEvent.count(stream, 1, adding: 1)
            event.metadata.idempotency = key("event \(number)")
            event.recordedAt = before(number.isMultiple(of: 2) ? 25 : 23)
            let claims: Set = [Claim(key("event \(number)")), Claim("email", "\(number)")]
            let append = EventAppend(Commit(event), claims: claims, writer: WriterID(), sequence: 1)
            #expect(await store.append(append) == .appended)
        }
        for (name, hours) in [("old", Int64(25)), ("young", 23)] {
            let answer = UnchangedAnswer(
                id: UUIDv7(at: now), key: key(name), stream: makeStream(), version: 1, givenAt: before(hours))
            #expect(await store.remember(answer, urgency: .single) == .appended)
        }
        let expiry = IdempotencyExpiry(store: store, lifetime: .seconds(24 * 3600), logger: quietLogger)
        #expect(try await expiry.forgetExpired(now: now) == 601)
        #expect(try await expiry.forgetExpired(now: now) == 0)
        #expect(await store.use(of: key("event 0")) == nil)
        #expect(await store.use(of: key("event 1"))?.version == 1)
        #expect(await store.use(of: key("old")) == nil)
        #expect(await store.use(of: key("young"))?.version == 1)
        #expect(await store.holder(of: Claim("email", "0")) != nil)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Testing

@testable import AMQP
@testable import CQRSAMQP

@Suite("The order of a replay")
struct ReplayLanesTests {
    private func held(_ stream: Int, _ version: Int64, number: UInt64 = 1) -> HeldLetter {
        let delivery = delivery(stream: stream, version: version, number: number)
        return HeldLetter(record: letter(of: delivery), delivery: delivery)
    }

    private func held(without header: String) -> HeldLetter {
        let delivery = delivery(stream: 9, version: 1) { $0.headers?[header] = nil }
        return HeldLetter(record: letter(of: delivery), delivery: delivery)
    }

    private func names(_ letters: [HeldLetter]) -> Set<String> {
        Set(letters.map { "\($0.record.stream?.last.map(String.init) ?? "-")v\($0.record.version ?? 0)" })
    }

    @Test("is by version within a stream, with streams side by side")
    func versions() {
        var lanes = ReplayLanes([held(1, 3), held(2, 9), held(1, 1), held(1, 2), held(2, 8)])
        #expect(names(lanes.nextRound()) == ["1v1", "2v8"])
        #expect(names(lanes.nextRound()) == ["1v2", "2v9"])
        #expect(names(lanes.nextRound()) == ["1v3"])
        #expect(lanes.nextRound().isEmpty)
    }

    @Test("has copies of a letter one after the other, as they were")
    func copies() {
        var lanes = ReplayLanes([held(1, 2, number: 5), held(1, 1), held(1, 2, number: 6)])
        _ = lanes.nextRound()
        #expect(lanes.nextRound().map(\.delivery.tag.number) == [5])
        #expect(lanes.nextRound().map(\.delivery.tag.number) == [6])
    }

    @Test("lets letters without stream or version wait for nobody")
    func alone() {
        var lanes = ReplayLanes([
            held(without: "cloudEvents_subject"), held(without: "cloudEvents_streamversion"), held(1, 1),
            held(without: "cloudEvents_subject"),
        ])
        #expect(lanes.nextRound().count == 4)
        #expect(lanes.nextRound().isEmpty)
    }

    @Test("ends for a stream of which a letter failed, and for no other")
    func hold() {
        var lanes = ReplayLanes([held(1, 1), held(1, 2), held(1, 3), held(2, 1), held(2, 2)])
        _ = lanes.nextRound()
        #expect(names(lanes.hold(["user-\(uuid(1))"])) == ["1v2", "1v3"])
        #expect(names(lanes.nextRound()) == ["2v2"])
        #expect(lanes.hold(["user-\(uuid(2))"]).isEmpty)
    }

    @Test("can be given up as a whole")
    func holdAll() {
        var lanes = ReplayLanes([held(1, 1), held(1, 2), held(2, 1), held(2, 2)])
        _ = lanes.nextRound()
        #expect(names(lanes.holdAll()) == ["1v2", "2v2"])
        #expect(lanes.nextRound().isEmpty)
    }
}

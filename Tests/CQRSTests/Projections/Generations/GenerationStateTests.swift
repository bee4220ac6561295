// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Foundation
import Testing

@Suite("The state of a read model's generations")
struct GenerationStateTests {
    private let permanent = GenerationQueue(.first, hasOwnQueue: false)
    private let own = GenerationQueue(Generation(2), hasOwnQueue: true)

    @Test("gives a second generation a queue of its own, beside the permanent one")
    func feeds() {
        var state = GenerationState()
        #expect(state.queues == [permanent])
        state.build = GenerationBuild(Generation(2))
        #expect(state.queues == [permanent])
        state.build?.isBound = true
        #expect(state.queues == [permanent, own])
        #expect(state.read == [.first])
        #expect(own.name(of: "users.projection") == "users.projection.g2")
        #expect(permanent.name(of: "users.projection") == "users.projection")
    }

    @Test("reads a build that was noted before commits were counted")
    func withoutCommits() throws {
        let noted = #"{"generation":2,"isBound":true,"events":5,"documents":3,"stopped":0,"isFilled":false}"#
        let build = try JSONDecoder().decode(GenerationBuild.self, from: Data(noted.utf8))
        #expect(build.commits == nil)
        #expect(build.events == 5)
    }

    @Test(
        "reads both and pauses one in the steps of a switch",
        arguments: [
            (Handover?.none, [1], Int?.none), (.aligning, [1], 2), (.joined, [1, 2], 2), (.catchingUp, [1, 2], 1),
            (.settling, [1], 2),
        ])
    func handover(step: Handover?, read: [Int], paused: Int?) {
        var state = GenerationState()
        state.standby = Generation(2)
        state.handover = step
        #expect(state.read.map(\.number) == read)
        #expect(Set(state.queues.map(\.generation.number)) == Set([1, 2]).subtracting([paused].compactMap { $0 }))
    }

    @Test("feeds a generation from two queues while its own is being emptied")
    func draining() {
        var state = GenerationState()
        state.serving = Generation(2)
        state.permanentQueue = Generation(2)
        #expect(state.queues == [GenerationQueue(Generation(2), hasOwnQueue: false)])
        state.draining = .feeding
        #expect(state.queues == [GenerationQueue(Generation(2), hasOwnQueue: false), own])
        state.draining = .stopped
        #expect(state.queues == [GenerationQueue(Generation(2), hasOwnQueue: false)])
    }

    @Test("has no queue of its own for the first generation, which could then be deleted")
    func first() {
        #expect(GenerationQueue(.first, hasOwnQueue: true) == permanent)
    }
}

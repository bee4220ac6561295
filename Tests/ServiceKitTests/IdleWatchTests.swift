// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import NIOCore
import Testing

@testable import ServiceKit

@Suite("The watch for silence")
struct IdleWatchTests {
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(1) + .seconds(seconds) }

    @Test("ends a wait that is as long as the limit")
    func silence() {
        var watch = IdleWatch(limit: .seconds(10), now: at(0))
        watch.ask(now: at(1))
        #expect(watch.nextLook(isAwaited: true, now: at(5)) == at(11))
        #expect(watch.nextLook(isAwaited: true, now: at(11)) == nil)
    }

    @Test("begins anew with every byte and every answer, but not with every question")
    func restart() {
        var watch = IdleWatch(limit: .seconds(10), now: at(0))
        watch.ask(now: at(0))
        watch.ask(now: at(5))
        #expect(watch.nextLook(isAwaited: true, now: at(5)) == at(10))
        watch.receive(now: at(6))
        watch.ask(now: at(6))
        #expect(watch.nextLook(isAwaited: true, now: at(10)) == at(16))
        watch.restart(now: at(12))
        #expect(watch.nextLook(isAwaited: true, now: at(16)) == at(22))
    }

    @Test("does not count time in which nothing is asked for, or it is not the client's turn")
    func ownTime() {
        var watch = IdleWatch(limit: .seconds(10), now: at(0))
        #expect(watch.nextLook(isAwaited: true, now: at(100)) == at(110))
        watch.ask(now: at(100))
        #expect(watch.nextLook(isAwaited: false, now: at(200)) == at(210))
        watch.receive(now: at(200))
        #expect(watch.nextLook(isAwaited: true, now: at(300)) == at(310))
        watch.ask(now: at(300))
        #expect(watch.nextLook(isAwaited: true, now: at(309)) == at(310))
    }
}

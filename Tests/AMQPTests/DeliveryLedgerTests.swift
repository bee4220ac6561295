// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import AMQP

@Suite("A delivery ledger")
struct DeliveryLedgerTests {
    private func ledger(_ count: UInt64) throws -> DeliveryLedger {
        var ledger = DeliveryLedger()
        for tag in 1..<(count + 1) { try ledger.delivered(tag) }
        return ledger
    }

    @Test("joins acknowledgements from the front into one frame")
    func joins() throws {
        var ledger = try ledger(5)
        for tag in [3, 1, 2] as [UInt64] { #expect(ledger.settle(tag, multiple: false, .acknowledge) == true) }
        #expect(ledger.takeSettlements() == [Settlement(tag: 3, multiple: true, outcome: .acknowledge)])
        #expect(ledger.takeSettlements() == [])
        #expect(ledger.openCount == 2)
    }

    @Test("sends what lies behind an open delivery one by one, and not again later")
    func behind() throws {
        var ledger = try ledger(4)
        _ = ledger.settle(2, multiple: false, .acknowledge)
        _ = ledger.settle(4, multiple: false, .acknowledge)
        #expect(
            ledger.takeSettlements() == [
                Settlement(tag: 2, multiple: false, outcome: .acknowledge),
                Settlement(tag: 4, multiple: false, outcome: .acknowledge),
            ])
        _ = ledger.settle(1, multiple: false, .acknowledge)
        #expect(ledger.takeSettlements() == [Settlement(tag: 1, multiple: false, outcome: .acknowledge)])
        _ = ledger.settle(3, multiple: false, .acknowledge)
        #expect(ledger.takeSettlements() == [Settlement(tag: 3, multiple: false, outcome: .acknowledge)])
        #expect(ledger.openCount == 0)
    }

    @Test("keeps nothing of what has been sent, however long an earlier delivery stays open")
    func bounded() throws {
        var ledger = DeliveryLedger()
        for tag in UInt64(1)...1000 {
            try ledger.delivered(tag)
            guard tag > 1 else { continue }
            #expect(ledger.settle(tag, multiple: false, .acknowledge) == true)
            #expect(ledger.takeSettlements() == [Settlement(tag: tag, multiple: false, outcome: .acknowledge)])
            #expect(ledger.count == 1)
        }
        #expect(ledger.settle(1000, multiple: true, .requeue) == true)
        #expect(ledger.takeSettlements() == [Settlement(tag: 1, multiple: false, outcome: .requeue)])
        #expect(ledger.count == 0)
    }

    @Test("keeps outcomes apart")
    func outcomes() throws {
        var ledger = try ledger(6)
        _ = ledger.settle(2, multiple: true, .acknowledge)
        _ = ledger.settle(3, multiple: false, .requeue)
        _ = ledger.settle(5, multiple: true, .discard)
        #expect(
            ledger.takeSettlements() == [
                Settlement(tag: 2, multiple: true, outcome: .acknowledge),
                Settlement(tag: 3, multiple: false, outcome: .requeue),
                Settlement(tag: 5, multiple: true, outcome: .discard),
            ])
    }

    @Test("ignores what is settled or was never delivered")
    func ignores() throws {
        var ledger = try ledger(2)
        #expect(ledger.settle(1, multiple: false, .acknowledge) == true)
        #expect(ledger.settle(1, multiple: false, .requeue) == false)
        #expect(ledger.settle(0, multiple: true, .acknowledge) == false)
        #expect(ledger.settle(3, multiple: false, .acknowledge) == false)
        #expect(ledger.settle(3, multiple: true, .acknowledge) == false)
        _ = ledger.takeSettlements()
        #expect(ledger.settle(1, multiple: true, .acknowledge) == false)
    }

    @Test("refuses a gap in the broker's count")
    func gap() throws {
        var ledger = try ledger(2)
        #expect(throws: AMQPError.self) { try ledger.delivered(4) }
    }
}

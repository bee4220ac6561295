// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import Testing

@Suite("Values of stock")
struct StockValueTests {
    @Test(
        "a quantity is at least one, and has a limit",
        arguments: [
            (1, true), (1_000_000_000, true), (0, false), (-1, false), (1_000_000_001, false), (Int.max, false),
            (Int.min, false),
        ])
    func quantity(value: Int, isValid: Bool) {
        #expect((try? Quantity(value))?.value == (isValid ? value : nil))
    }

    @Test("there can be none to begin with")
    func none() throws {
        #expect(try Quantity.orNone(0) == nil)
        #expect(try Quantity.orNone(1) == Quantity(1))
        #expect(throws: NumberFlaw.self) { try Quantity.orNone(-1) }
        #expect(throws: NumberFlaw.self) { try Quantity.orNone(1_000_000_001) }
    }

    @Test(
        "a change is up or down, and not nothing",
        arguments: [
            (1, true), (-1_000_000_000, true), (1_000_000_000, true), (0, false), (-1_000_000_001, false),
            (Int.min, false), (Int.max, false),
        ])
    func change(value: Int, isValid: Bool) {
        #expect((try? QuantityChange(value))?.value == (isValid ? value : nil))
    }

    @Test("a flaw says what is allowed")
    func flaw() {
        let error = #expect(throws: NumberFlaw.self) { try Quantity(0) }
        #expect(error?.explanation == "must be a whole number from 1 to 1000000000")
    }

    @Test(
        "a reservation holds a year at most",
        arguments: [(1, true), (31_536_000, true), (0, false), (-1, false), (31_536_001, false)])
    func period(seconds: Int, isValid: Bool) {
        #expect((try? ReservationPeriod(seconds: seconds))?.seconds == (isValid ? seconds : nil))
    }

    @Test("a reservation ends so many seconds after it was made")
    func end() throws {
        let start = try #require(Timestamp(rfc3339: "2026-12-31T23:59:59.123Z"))
        #expect(try ReservationPeriod(seconds: 2).end(from: start).description == "2027-01-01T00:00:01.123Z")
    }

    @Test("a store has a short code", arguments: ["main", "a", "0", "-", "north-2", String(repeating: "a", count: 32)])
    func store(text: String) throws {
        #expect(try StoreCode(text).text == text)
    }

    @Test(
        "what is no code is refused",
        arguments: ["", "Main", "a b", "é", "a_b", "a.b", String(repeating: "a", count: 33)])
    func noStore(text: String) {
        #expect(throws: StoreCode.Flaw.self) { try StoreCode(text) }
    }

    @Test("who names no store means the main one")
    func main() throws {
        #expect(try StoreCode("main") == .main)
    }

    @Test("names, descriptions and remarks are lines of text with limits of their own")
    func lines() throws {
        #expect(try ItemName(" A  lamp ").text == "A lamp")
        #expect(throws: TextLineFlaw.empty) { try ItemName(" ") }
        #expect(throws: TextLineFlaw.tooLong(limit: 200)) { try ItemName(String(repeating: "a", count: 201)) }
        #expect(throws: TextLineFlaw.tooLong(limit: 2000)) { try ItemDescription(String(repeating: "a", count: 2001)) }
        #expect(throws: TextLineFlaw.tooLong(limit: 100)) { try Remark(String(repeating: "a", count: 101)) }
        #expect(throws: TextLineFlaw.invisible) { try Remark("a\nb") }
    }
}

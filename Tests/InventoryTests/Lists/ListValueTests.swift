// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Testing

@testable import Inventory

@Suite("Values of lists")
struct ListValueTests {
    @Test(
        "a day that exists is taken", arguments: ["2027-01-31", "2028-02-29", "2000-02-29", "0001-12-31", "9999-12-31"])
    func day(text: String) throws {
        #expect(try ExpiryDate(text).text == text)
    }

    @Test(
        "what is no day is refused",
        arguments: [
            "", "2027-02-29", "1900-02-29", "2027-04-31", "2027-13-01", "2027-00-10", "2027-01-00", "2027-1-31",
            "27-01-31", "2027/01/31", "2027-01-31T00:00:00Z", " 2027-01-31", "2027-01-3a", "+027-01-31", "２027-01-1",
        ])
    func noDay(text: String) {
        #expect(throws: ExpiryDate.Flaw.self) { try ExpiryDate(text) }
    }

    @Test("days are sorted the latest first")
    func order() {
        let days = ["0001-01-01", "2026-12-31", "2027-01-09", "2027-01-10", "2027-02-01", "9999-12-31"]
        let keys = days.map { ExpiryDate.latestFirstKey(of: $0) }
        #expect(keys.sorted() == keys.reversed())
        #expect(Set(keys).count == days.count)
    }

    @Test("customers and products are lines of text")
    func lines() throws {
        #expect(try Customer(" Ada  Lovelace").text == "Ada Lovelace")
        #expect(throws: TextLineFlaw.tooLong(limit: 200)) { try Customer(String(repeating: "a", count: 201)) }
        #expect(throws: TextLineFlaw.empty) { try Product(" ") }
        #expect(throws: TextLineFlaw.invisible) { try Product("a\u{0}") }
    }
}

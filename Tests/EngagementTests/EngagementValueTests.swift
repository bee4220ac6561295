// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Engagement
import Essentials
import Testing

@Suite("The values of engagement")
struct EngagementValueTests {
    @Test("an anime is a number that JavaScript can count to")
    func animes() throws {
        for number in [1, 9_007_199_254_740_991] { #expect(try AnimeID(number).value == number) }
        for number in [0, -1, 9_007_199_254_740_992, .min, .max] {
            #expect(throws: NumberFlaw.self) { try AnimeID(number) }
        }
    }

    @Test("a user is a line of text")
    func users() throws {
        #expect(try UserID("user123").text == "user123")
        #expect(try UserID("Zoe\u{308} ").text == "Zo\u{EB}")
        #expect(try UserID(String(repeating: "🙂", count: 128)).text.utf8.count == 512)
        #expect(throws: TextLineFlaw.tooLong(limit: 128)) { try UserID(String(repeating: "a", count: 129)) }
        #expect(throws: TextLineFlaw.empty) { try UserID("") }
        #expect(throws: TextLineFlaw.invisible) { try UserID("a\u{7}") }
    }

    @Test("a view has up to a day, a score up to ten")
    func numbers() throws {
        #expect(ViewDuration.none.seconds == 0)
        for number in [0, 86_400] { #expect(try ViewDuration(seconds: number).seconds == number) }
        for number in [-1, 86_401] { #expect(throws: NumberFlaw.self) { try ViewDuration(seconds: number) } }
        for number in [1, 10] { #expect(try Score(number).value == number) }
        for number in [0, 11] {
            #expect(throws: NumberFlaw.self) { try Score(number) }
        }
        #expect(throws: NumberFlaw.self) { try ViewDuration(seconds: -1) }
        do throws(NumberFlaw) {
            _ = try ViewDuration(seconds: -1)
        } catch {
            #expect(error.explanation == "must be a whole number of seconds from 0 to 86400")
        }
    }
}

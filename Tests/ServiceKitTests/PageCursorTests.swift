// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import ServiceKit

@Suite("The cursor of a page")
struct PageCursorTests {
    @Test(
        "gives back its parts, and fits into a URL",
        arguments: [["a"], ["", ""], ["users", "é\u{1F600}", "last\u{0}one"], ["???>>>", "ÿþý~~~"]])
    func roundTrip(parts: [String]) {
        let text = PageCursor.encode(parts)
        #expect(PageCursor.decode(text, parts: parts.count) == parts)
        #expect(PathSegment.encode(text) == text)
        #expect(PageCursor.decode(text, parts: parts.count + 1) == nil || parts.last?.contains("\u{0}") == true)
    }

    @Test("is refused when it is anything else")
    func refused() {
        let good = PageCursor.encode(["users", "a"])
        let others = [
            "", "1", "=", "a b", "é", good + "=", String(good.dropLast()), String(good.dropFirst()),
            Data("2users\0a".utf8).base64EncodedString(),
            Data([0x31, 0xFF, 0]).base64EncodedString(),
            good + "\n", String(repeating: "A", count: 10_000),
        ]
        for other in others { #expect(PageCursor.decode(other, parts: 2) == nil, "\(other)") }
    }

    @Test("of one place has one text")
    func canonical() throws {
        let good = PageCursor.encode(["ab"])
        #expect(good == "MWFi")
        // The last character of this one holds two bits that mean nothing.
        let short = PageCursor.encode(["a"])
        #expect(short == "MWE")
        #expect(PageCursor.decode("MWF", parts: 1) == nil)
    }
}

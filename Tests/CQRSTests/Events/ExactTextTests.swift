// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing

@testable import CQRS

@Suite("Texts by their bytes")
struct ExactTextTests {
    /// Each pair is equal to Swift and different to a database.
    private static let pairs = [("\u{212A}", "K"), ("\u{1FEF}", "`"), ("\u{E9}", "e\u{301}"), ("\u{37E}", ";")]

    @Test("are told apart where Swift sees canonical equivalence", arguments: pairs)
    func equivalence(a: String, b: String) {
        #expect(a == b)
        #expect(!a.isExactly(b))
        #expect(Set([ExactText(a), ExactText(b)]).count == 2)
    }

    @Test("are the same when all bytes are", arguments: ["", "a", "\u{212A}", "e\u{301}"])
    func sameness(text: String) {
        #expect(ExactText(text) == ExactText(String(decoding: Array(text.utf8), as: UTF8.self)))
        #expect(!text.isExactly(text + "x"))
    }

    @Test("are what claims, idempotency keys and members of JSON objects go by", arguments: pairs)
    func keys(a: String, b: String) {
        #expect(Claim("test", a) != Claim("test", b))
        #expect(
            IdempotencyKey(scope: "s", key: a, fingerprint: "f") != IdempotencyKey(scope: "s", key: b, fingerprint: "f")
        )
        var object = JSONObject()
        object.append(a, true)
        #expect(object[a] == true)
        #expect(object[b] == nil)
    }

    @Test("fold A to Z only")
    func folding() {
        #expect("ABCxyz[@`{".lowercasedASCII() == "abcxyz[@`{")
        for letter in ["\u{212A}", "É", "\u{130}", "ſ"] { #expect(letter.lowercasedASCII().isExactly(letter)) }
        #expect("Straße".lowercasedASCII() == "straße")
    }
}

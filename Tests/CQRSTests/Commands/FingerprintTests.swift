// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import CQRS

@Suite("A fingerprint")
struct FingerprintTests {
    @Test(
        "is built on FNV-1a",
        arguments: [("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8)]
            as [(String, UInt64)])
    func hash(text: String, expected: UInt64) {
        var hash = FNV1a()
        hash.add(text.utf8)
        #expect(hash.value == expected)
    }

    @Test("is the same for the same parts, for ever: it is stored")
    func stability() {
        #expect(Fingerprint.text("Ada Lovelace", "ada@computing.org") == "4b1f99bf3df334dc")
        #expect(Fingerprint.text("Ada Lovelace", "ada@computing.org").utf8.count == 16)
    }

    @Test("tells parts from other parts, however they are cut")
    func separation() {
        let texts = [
            Fingerprint.text(), Fingerprint.text(""), Fingerprint.text(nil), Fingerprint.text("", ""),
            Fingerprint.text(nil, ""), Fingerprint.text("", nil), Fingerprint.text("ab"), Fingerprint.text("a", "b"),
            Fingerprint.text("b", "a"), Fingerprint.text("ab", ""), Fingerprint.text("ab", nil), Fingerprint.text("AB"),
        ]
        #expect(Set(texts).count == texts.count)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing
import Users

@Suite("The key of a user's name")
struct UserNameSearchTests {
    private func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

    @Test(
        "is the same for upper and lower case, composed, and keeps accents",
        arguments: [
            ("Ada Lovelace", "ada lovelace"), ("ÉMILE", "\u{E9}mile"), ("E\u{301}mile", "\u{E9}mile"),
            ("Straße", "strasse"), ("STRASSE", "strasse"), ("ΣΊΣΥΦΟΣ", "σίσυφοσ"), ("Σίσυφος", "σίσυφοσ"),
            ("ИВАН", "иван"), ("李小龍", "李小龍"), ("ǅ", "ǆ"), ("ﬁ", "fi"), ("", ""),
            ("O'Neil-Smith Jr.", "o'neil-smith jr."),
            ("İ", "i\u{307}"), ("ı", "i"), ("👩\u{200D}🚀", "👩🚀"), ("A\u{200B}da", "ada"), ("\u{FEFF}Ada\u{FE0F}", "ada"),
            ("\u{1E900}", "\u{1E922}"),
        ])
    func folding(name: String, key: String) {
        #expect(scalars(UserName.key(of: name)) == scalars(key))
    }

    @Test("does not change when it is made of a key")
    func idempotence() {
        for value in UInt32(0x20)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let key = UserName.key(of: String(scalar))
            #expect(scalars(UserName.key(of: key)) == scalars(key), "U+\(String(value, radix: 16))")
        }
    }

    @Test(
        "begins with the key of what the name begins with",
        arguments: [
            ("Ada Lovelace", "ADA L"), ("Ada Lovelace", "  ada\u{A0}\u{2003} "), ("Ada Lovelace", ""),
            ("Ada Lovelace", "  "), ("Straße", "STRAS"), ("Émile", "e\u{301}"), ("Émile", "É"),
            ("Ada Lovelace", "\u{200B} ada\u{2800}\u{FEFF}l"), ("A\u{200B}da", "ad"), ("می\u{200C}خواهم", "میخ"),
        ])
    func prefix(name: String, prefix: String) {
        #expect(UserName.key(of: name).utf8.starts(with: UserName.key(ofPrefix: prefix).utf8))
    }

    @Test(
        "does not begin with anything else",
        arguments: [("Adam", "Ada "), ("Émile", "e"), ("Emile", "é"), ("Ada", "adal")])
    func noPrefix(name: String, prefix: String) {
        #expect(!UserName.key(of: name).utf8.starts(with: UserName.key(ofPrefix: prefix).utf8))
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing
import Users

@Suite("A user's name")
struct UserNameTests {
    @Test(
        "is trimmed, composed, and has single spaces",
        arguments: [
            ("Ada", "Ada"), ("  Ada  Lovelace ", "Ada Lovelace"), ("Ada\u{A0}\u{2003}Lovelace", "Ada Lovelace"),
            ("Andre\u{301}", "Andr\u{E9}"), ("李小龍", "李小龍"), ("O'Neil-Smith Jr.", "O'Neil-Smith Jr."),
            ("👩\u{200D}🚀 Ada", "👩\u{200D}🚀 Ada"), ("می\u{200C}خواهم", "می\u{200C}خواهم"),
        ])
    func valid(text: String, normalised: String) throws {
        // Scalars are compared: Swift's == would not see whether a name was composed.
        #expect(Array(try UserName(text).text.unicodeScalars) == Array(normalised.unicodeScalars))
    }

    @Test(
        "is refused when empty, too long or not what it shows",
        arguments: [
            ("", .empty), (" \u{3000} ", .empty), ("\u{200B}\u{FEFF}", .empty),
            (String(repeating: "a", count: 101), .tooLong(limit: 100)),
            (String(repeating: "a ", count: 60), .tooLong(limit: 100)), ("a\nb", .invisible), ("a\tb", .invisible),
            ("a\u{0}b", .invisible), ("a\u{7F}", .invisible), ("a\u{202E}b", .invisible), ("a\u{2066}b", .invisible),
            ("a\u{2028}b", .invisible), ("a\u{2029}b", .invisible), ("a\u{E000}b", .invisible),
            ("a\u{FFFF}", .invisible), ("a\u{200F}b", .invisible), ("\u{10FFFF}", .invisible),
        ] as [(String, UserName.Flaw)])
    func invalid(text: String, flaw: UserName.Flaw) {
        #expect(throws: flaw) { try UserName(text) }
    }

    @Test("may have 100 characters after normalisation")
    func length() throws {
        #expect(try UserName("  " + String(repeating: "é", count: 100)).text.unicodeScalars.count == 100)
        #expect(try UserName(String(repeating: "e\u{301}", count: 100)).text.unicodeScalars.count == 100)
        #expect(throws: UserName.Flaw.tooLong(limit: 100)) { try UserName(String(repeating: "é", count: 101)) }
    }

    @Test(
        "must show something",
        arguments: [
            "\u{3164}", "\u{1160}", "\u{FFA0}", "\u{2800}", "\u{FE0F}", "\u{34F}", "\u{E0041}", "\u{AD}", "\u{180E}",
            "\u{200D}\u{200D}", "\u{3164} \u{2800}", "\u{FFF9}",
        ])
    func nothingToSee(text: String) {
        #expect(throws: UserName.Flaw.empty) { try UserName(text) }
    }

    @Test(
        "loses what shows nothing at its ends, and keeps what belongs to a character",
        arguments: [
            ("\u{FEFF}Ada", "Ada"), ("Ada\u{200B}", "Ada"), ("Ada\u{E0041}", "Ada"), ("Ada\u{FE0F}", "Ada"),
            ("\u{3164}Ada\u{3164}", "Ada"), ("Ada\u{200D} ", "Ada"), (" \u{200B} Ada \u{2800}", "Ada"),
            ("Ada \u{200B} Lovelace", "Ada Lovelace"), ("Ada\u{2800}Lovelace", "Ada Lovelace"),
            ("Ada ❤\u{FE0F}", "Ada ❤\u{FE0F}"), ("葛\u{E0100}", "葛\u{E0100}"),
            (
                "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
                "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}"
            ),
        ])
    func ends(text: String, normalised: String) throws {
        #expect(Array(try UserName(text).text.unicodeScalars) == Array(normalised.unicodeScalars))
    }
}

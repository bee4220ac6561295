// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing
import Users

@Suite("An email address")
struct EmailAddressTests {
    @Test(
        "keeps its spelling and has a lower-case key",
        arguments: [
            "ada@computing.org", "Ada.Lovelace@Computing.ORG", "a@b.co", "o'hara+tag@sub.example.com",
            "x!#$%&*-/=?^_`{|}~@a-b.xn--bcher-kva.example",
            String(repeating: "a", count: 64) + "@example.com",
        ])
    func valid(text: String) throws {
        let email = try EmailAddress(text)
        #expect(email.text == text)
        #expect(email.key == text.lowercased())
    }

    @Test(
        "says what is wrong with it",
        arguments: [
            ("", .empty), ("ada", .noAtSign), ("@example.org", .localPart), ("ada@", .domain),
            ("ada@localhost", .domain),
            ("a da@example.org", .hasSpace), ("ada@example.org\n", .hasSpace), ("ada\u{0}@example.org", .hasSpace),
            ("adá@example.org", .notASCII), ("ada@exämple.org", .notASCII), ("ada\u{202E}@example.org", .notASCII),
            (".ada@example.org", .localPart), ("ada.@example.org", .localPart), ("a..da@example.org", .localPart),
            ("\"ada\"@example.org", .localPart), ("ada@b@example.org", .localPart),
            (String(repeating: "a", count: 65) + "@example.org", .localPart),
            ("ada@-example.org", .domain), ("ada@example-.org", .domain), ("ada@example..org", .domain),
            ("ada@example.org.", .domain), ("ada@[127.0.0.1]", .domain), ("ada@127.0.0.1", .domain),
            ("ada@exam_ple.org", .domain), ("ada@" + String(repeating: "a", count: 64) + ".org", .domain),
            ("a@" + String(repeating: "b.", count: 125) + "cdef", .tooLong),
        ] as [(String, EmailAddress.Flaw)])
    func invalid(text: String, flaw: EmailAddress.Flaw) {
        #expect(throws: flaw) { try EmailAddress(text) }
    }

    @Test("has at most 254 octets")
    func length() throws {
        let domain = (Array(repeating: String(repeating: "b", count: 47), count: 5) + ["example"]).joined(
            separator: ".")
        let longest = String(repeating: "a", count: 254 - 1 - domain.utf8.count) + "@" + domain
        #expect(longest.utf8.count == 254)
        #expect(throws: Never.self) { try EmailAddress(longest) }
        #expect(throws: EmailAddress.Flaw.tooLong) { try EmailAddress("a" + longest) }
    }

    @Test("never shows up in the text of an error")
    func privacy() {
        for text in ["secret person@example.org", "secret@", "sécret@example.org"] {
            let error = #expect(throws: EmailAddress.Flaw.self) { try EmailAddress(text) }
            #expect(error.map { "\($0) \($0.explanation)" }?.contains("cret") == false)
        }
    }

    @Test("has a key that folds A to Z and nothing else", arguments: ["\u{212A}im@x.org", "É@x.org", "\u{130}@x.org"])
    func foldsASCIIOnly(text: String) {
        #expect(Array(EmailAddress.key(of: text).utf8) == Array(text.utf8))
    }
}

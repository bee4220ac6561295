// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Inventory
import Testing

@Suite("A SKU")
struct SKUTests {
    private func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

    @Test(
        "is composed, trimmed and in upper case",
        arguments: [
            ("PROD-001", "PROD-001"), (" prod-001\n", "PROD-001"), ("a_b.c/d-9", "A_B.C/D-9"), ("e\u{301}", "\u{C9}"),
            ("straße", "STRASSE"), ("\u{212A}1", "K1"), ("\u{A0}лампа7\u{3000}", "ЛАМПА7"), ("灯", "灯"),
        ])
    func canonical(text: String, canonical: String) throws {
        // Scalars are compared: Swift's == would not see whether a text was composed.
        #expect(scalars(try SKU(text).text) == scalars(canonical))
    }

    @Test(
        "is refused when empty, too long or of other characters",
        arguments: [
            ("", .empty), (" \t ", .empty), (String(repeating: "A", count: 65), .tooLong),
            (String(repeating: "ß", count: 33), .tooLong), (String(repeating: "A", count: 20_000), .tooLong),
            ("A B", .character), ("A:B", .character), ("A\u{0}", .character), ("A%2F", .character),
            ("A\u{200B}", .character), ("A\u{308}\u{308}", .character), ("💡", .character),
        ] as [(String, SKU.Flaw)])
    func invalid(text: String, flaw: SKU.Flaw) {
        #expect(throws: flaw) { try SKU(text) }
    }

    @Test("may have 64 characters in its canonical form")
    func length() throws {
        #expect(try SKU(String(repeating: "e\u{301}", count: 64)).text.unicodeScalars.count == 64)
    }

    @Test("does not change when it is made of a canonical one")
    func idempotence() throws {
        for value in UInt32(0x21)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value), let sku = try? SKU(String(scalar)) else { continue }
            #expect(scalars(try SKU(sku.text).text) == scalars(sku.text), "U+\(String(value, radix: 16))")
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing

@Suite("A version 7 UUID")
struct UUIDv7Tests {
    @Test("has the text form, version and variant of RFC 9562")
    func form() throws {
        for _ in 0..<1000 {
            let text = UUIDv7(at: .now()).description
            #expect(text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        }
    }

    @Test("reads the RFC's own example, appendix A.6")
    func example() throws {
        let id = try #require(UUIDv7("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"))
        #expect(id.description == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
        #expect(id.time.description == "2022-02-22T19:22:22.000Z")
    }

    @Test("reads back what it wrote")
    func roundTrip() {
        for _ in 0..<1000 {
            let id = UUIDv7(at: .now())
            #expect(UUIDv7(id.description) == id)
        }
    }

    @Test("sorts by time, as text as well")
    func order() {
        let ids = (0..<100).map { UUIDv7(at: Timestamp(millisecondsSinceEpoch: 1_700_000_000_000 + $0)) }
        #expect(ids.sorted() == ids)
        #expect(ids.map(\.description).sorted() == ids.map(\.description))
    }

    @Test(
        "refuses everything else",
        arguments: [
            "", "x", "017f22e2-79b0-4cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-18c4-dc0c0c07398f",
            "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398f ", "{017f22e2-79b0-7cc3-98c4-dc0c0c07398}",
            "017f22e2-79b0-7cc3-98c4_dc0c0c07398f", "０17f22e2-79b0-7cc3-98c4-dc0c0c0739",
        ])
    func refusals(text: String) {
        #expect(UUIDv7(text) == nil)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Testing

@testable import CQRSServing

@Suite("A position in a feed")
struct FeedPositionTests {
    @Test("is its text again, in order of generation and place")
    func text() throws {
        let positions = try ["0-00", "1-82FF", "1-8300", "1-830000", "2-82", "10-01"].map { text in
            let position = try #require(FeedPosition(text))
            #expect(position.description == text)
            return position
        }
        #expect(positions.shuffled().sorted() == positions)
    }

    @Test(
        "is not made of other texts",
        arguments: [
            "", "-", "1-", "-82", "1", "82FF", "+1-82", "01-82", "-1-82", "1-82-83", "1-82ff", "1-8G", "1 -82", "x-82",
            "9223372036854775808-82", "1-\(String(repeating: "A", count: 1025))",
        ])
    func malformed(text: String) { #expect(FeedPosition(text) == nil) }
}

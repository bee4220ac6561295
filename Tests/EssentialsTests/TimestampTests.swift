// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Foundation
import Testing

@Suite("A timestamp")
struct TimestampTests {
    @Test(
        "writes RFC 3339 in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_772_366_400_123, "2026-03-01T12:00:00.123Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func writing(milliseconds: Int64, text: String) {
        #expect(Timestamp(millisecondsSinceEpoch: milliseconds).description == text)
        #expect(Timestamp(rfc3339: text)?.millisecondsSinceEpoch == milliseconds)
    }

    @Test("agrees with Foundation on days all over the calendar")
    func calendar() throws {
        // Half a second is exact in a date; other fractions Foundation cuts.
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for day in stride(from: Int64(-100_000), to: 200_000, by: 97) {
            let timestamp = Timestamp(millisecondsSinceEpoch: day * 86_400_000 + 12_345_500)
            #expect(timestamp.description == timestamp.date.formatted(style))
        }
    }

    @Test(
        "reads offsets, fractions of any length and lower case",
        arguments: [
            ("2026-03-01T14:00:00+02:00", 1_772_366_400_000), ("2026-03-01T12:00:00.1Z", 1_772_366_400_100),
            ("2026-03-01T12:00:00.123999Z", 1_772_366_400_123), ("2026-03-01t12:00:00z", 1_772_366_400_000),
            ("2016-12-31T23:59:60Z", 1_483_228_799_000),
        ] as [(String, Int64)])
    func reading(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.millisecondsSinceEpoch == milliseconds)
    }

    @Test(
        "refuses what RFC 3339 does not allow",
        arguments: [
            "", "2026-03-01", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-01T24:00:00Z",
            "2026-03-01T12:00:00", "2026-03-01T12:00:00.Z", "2026-03-01T12:00:00+2:00", "2026-03-01T12:00:00Zx",
            "+026-03-01T12:00:00Z", "2026-00-01T12:00:00Z",
        ])
    func refusals(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("survives the way through a date to the millisecond")
    func dates() {
        for milliseconds in Int64(1_772_366_400_000)..<1_772_366_402_000 {
            let timestamp = Timestamp(millisecondsSinceEpoch: milliseconds)
            #expect(Timestamp(timestamp.date) == timestamp)
        }
    }
}

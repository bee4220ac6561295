// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Engagement
import Foundation
import Testing

private let samples = StoredSamples<EngagementEvent>(
    in: Bundle.module.bundleURL.appending(path: "Samples"), of: Engagement.stream(of: subject),
    [
        "engagement.clicked.1": .clicked(subject),
        "engagement.viewed.1": .viewed(
            Subject(animeID: 9_007_199_254_740_991, userID: "Zoë \"Z\""), durationSeconds: 1440),
        "engagement.rated.1": .rated(subject, score: 9),
    ])

@Suite("An event of engagement")
struct EngagementEventTests {
    @Test("is read and written as it was stored, every version that there ever was")
    func storedSamples() throws { #expect(try samples.flaws() == []) }

    @Test(
        "that cannot be understood says why, and quotes nothing",
        arguments: [
            ("engagement.exploded", "{}", .unknownType),
            ("engagement.clicked", #"{"animeId":0,"userId":"secret"}"#, .invalidData),
            ("engagement.clicked", #"{"animeId":9007199254740992,"userId":"secret"}"#, .invalidData),
            ("engagement.clicked", #"{"animeId":1}"#, .invalidData),
            ("engagement.viewed", #"{"animeId":1,"userId":"secret"}"#, .invalidData),
            ("engagement.viewed", #"{"animeId":1,"userId":"secret","durationSeconds":86401}"#, .invalidData),
            ("engagement.rated", #"{"animeId":1,"userId":"secret","score":11}"#, .invalidData),
        ] as [(String, String, MalformedEvent.Reason)])
    func malformed(type: String, data: String, reason: MalformedEvent.Reason) throws {
        let error = try #require(throws: MalformedEvent.self) {
            try EngagementEvent.decode(recorded(type, data: Array(data.utf8)))
        }
        #expect(error.reason == reason)
        #expect(!"\(error)".contains("secret"))
    }
}

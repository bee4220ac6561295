// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Testing

private let samples = StoredSamples<EngagementEvent>([
    "engagement.clicked.1": .clicked(subject),
    "engagement.viewed.1": .viewed(
        Subject(animeID: 9_007_199_254_740_991, userID: "Zoë \"Z\""), durationSeconds: 1440),
    "engagement.rated.1": .rated(subject, score: 9),
])

@Suite("An event of engagement")
struct EngagementEventTests {
    @Test("of every version that was ever written can be read", arguments: samples.meanings.keys.sorted())
    func samplesDecode(name: String) throws {
        #expect(try samples.decoded(name) == samples.meanings[name])
    }

    @Test("has a stored sample of every version that was ever written, and each sample a meaning")
    func samplesAreComplete() throws {
        #expect(try samples.stored() == StoredSamples<EngagementEvent>.everWritten)
        #expect(Set(samples.meanings.keys) == StoredSamples<EngagementEvent>.everWritten)
    }

    @Test("is written as its latest sample says, byte for byte", arguments: EngagementEvent.Kind.allCases)
    func encoding(kind: EngagementEvent.Kind) throws {
        let name = "\(kind.rawValue).\(kind.schema)"
        let event = try #require(samples.meanings[name])
        #expect(event.type == kind.rawValue)
        #expect(event.encoded() == (try samples.data(name)))
    }

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

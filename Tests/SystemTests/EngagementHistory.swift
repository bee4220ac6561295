// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Essentials

/// What many users do with many animes, as commands would have recorded it, and what it adds up to, counted while it was made.
struct EngagementHistory {
    /// What is known of an anime, in the order of the test's own.
    struct Sums: Equatable {
        var clicks = 0
        var views = 0
        var viewers: Set<Int> = []
        var seconds = 0
        /// The last score of each user.
        var scores: [Int: Int] = [:]
    }

    /// In the order in which they happened.
    private(set) var events: [RecordedEvent] = []
    /// By anime, from 1.
    private(set) var animes: [Int: Sums] = [:]

    /// - Parameters:
    ///   - count: how many events.
    ///   - animes: how many animes; half of the events are of a tenth of them.
    ///   - users: how many users.
    init(events count: Int, animes: Int, users: Int) throws {
        var versions: [StreamID: Int64] = [:]
        var random = SplitMix(seed: 7)
        let start = Timestamp.now().millisecondsSinceEpoch - Int64(count)
        for number in 0..<count {
            let isHot = Bool.random(using: &random)
            let anime = Int.random(in: 1...(isHot ? max(animes / 10, 1) : animes), using: &random)
            let user = Int.random(in: 1...users, using: &random)
            let subject = Subject(animeID: anime, userID: "user\(user)")
            var sums = self.animes[anime] ?? Sums()
            let event: EngagementEvent
            switch Int.random(in: 0..<10, using: &random) {
            case ..<5:
                event = .clicked(subject)
                sums.clicks += 1
            case ..<9:
                let seconds = Int.random(in: 0...1500, using: &random)
                event = .viewed(subject, durationSeconds: seconds)
                sums.views += 1
                sums.viewers.insert(user)
                sums.seconds += seconds
            default:
                let score = Int.random(in: 1...10, using: &random)
                event = .rated(subject, score: score)
                sums.scores[user] = score
            }
            self.animes[anime] = sums
            let stream = Engagement.stream(of: subject)
            let version = versions[stream, default: 0] + 1
            versions[stream] = version
            let time = Timestamp(millisecondsSinceEpoch: start + Int64(number))
            events.append(
                RecordedEvent(
                    id: UUIDv7(at: time), stream: stream, version: version, type: event.type, schema: event.schema,
                    recordedAt: time, data: event.encoded(), metadata: EventMetadata(correlationID: "system-tests")))
        }
    }
}

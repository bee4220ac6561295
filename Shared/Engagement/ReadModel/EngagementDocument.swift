// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// What one user did with one anime, in all and by day. There are many, so it is small: what is shown are sums over them.
public struct EngagementDocument: ReadModelDocument {
    /// The version of the last event reflected.
    public internal(set) var version: Int64
    /// When the last event was recorded.
    public internal(set) var updatedAt: Timestamp
    /// The anime.
    public let animeId: Int
    /// The user.
    public let userId: String
    /// How often the user clicked.
    public internal(set) var clicks = 0
    /// How often the user viewed.
    public internal(set) var views = 0
    /// For how many seconds in all.
    public internal(set) var durationSeconds = 0
    /// The last rating; `nil` before there is one.
    public internal(set) var score: Int?
    /// The days with clicks or views, in order.
    public internal(set) var days: [EngagementDay] = []

    /// The document before the stream's first event.
    init(_ subject: Subject, _ recorded: RecordedEvent) {
        version = recorded.version
        updatedAt = recorded.recordedAt
        animeId = subject.animeID
        userId = subject.userID
    }

    /// Applies what happened.
    mutating func apply(_ event: EngagementEvent, at time: Timestamp) {
        switch event {
        case .clicked:
            clicks += 1
            change(EngagementDay.day(of: time)) { $0.clicks += 1 }
        case .viewed(_, let seconds):
            views += 1
            durationSeconds += seconds
            change(EngagementDay.day(of: time)) {
                $0.views += 1
                $0.durationSeconds += seconds
            }
        case .rated(_, let score):
            self.score = score
        }
    }

    private mutating func change(_ day: String, _ change: (inout EngagementDay) -> Void) {
        // As a rule the last one: in a stream time does not go back.
        let index = days.lastIndex { $0.day <= day }
        guard let index, days[index].day == day else {
            var new = EngagementDay(day)
            change(&new)
            return days.insert(new, at: index.map { $0 + 1 } ?? 0)
        }
        change(&days[index])
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import CQRS

@Suite("A batch of commits")
struct CommitBatchTests {
    private struct Failure: Error {}

    private let a = makeStream()
    private let b = makeStream()

    /// - Parameter events: for each event whether it is published, unavailable, or refused.
    private func outcomes(_ commits: [Commit], _ events: String) -> String {
        let batch = commits.enumerated().map { OutboxCommit(sequence: Int64($0.offset) + 1, commit: $0.element) }
        let answers: [PublishOutcome] = events.map {
            switch $0 {
            case "p": .published
            case "r": .refused(Failure())
            default: .unavailable(Failure())
            }
        }
        let letters: [Character] = batch.outcomes(answers).map {
            switch $0 {
            case .published: "p"
            case .refused: "r"
            case .unavailable: "u"
            }
        }
        return String(letters)
    }

    @Test("is published when all its events are, whichever of them fails")
    func allEvents() {
        let commits: [Commit] = [.count(a, 1, adding: 1, 1), .count(b, 1, adding: 1, 1, 1)]
        #expect(outcomes(commits, "ppppp") == "pp")
        #expect(outcomes(commits, "puppp") == "up")
        #expect(outcomes(commits, "ppppr") == "pr")
    }

    @Test("is not published when one before it in its stream is not, and says so for the same reason")
    func followers() {
        let commits: [Commit] = [
            .count(a, 1, adding: 1), .count(b, 1, adding: 1), .count(a, 2, adding: 1, 1), .count(b, 2, adding: 1),
        ]
        #expect(outcomes(commits, "ppppp") == "pppp")
        #expect(outcomes(commits, "upppp") == "upup")
        #expect(outcomes(commits, "rpupp") == "rprp")
        #expect(outcomes(commits, "ppppr") == "pppr")
    }

    @Test("begins with whole commits until they have the events that are wanted, with one at least")
    func beginnings() {
        let commits: [Commit] = [.count(a, 1, adding: 1, 1), .count(b, 1, adding: 1, 1, 1), .count(a, 3, adding: 1)]
        let batch = commits.enumerated().map { OutboxCommit(sequence: Int64($0.offset) + 1, commit: $0.element) }
        for (events, expected) in [(1, 1), (2, 1), (3, 2), (5, 2), (6, 3), (100, 3)] {
            #expect(batch.beginning(events: events).count == expected)
        }
    }
}

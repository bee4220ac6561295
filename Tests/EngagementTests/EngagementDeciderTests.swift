// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Testing

@Suite("The engagement's decider")
struct EngagementDeciderTests {
    @Test("makes one event of each command, whatever has been before")
    func decisions() throws {
        let commands: [(EngagementDecider.Command, EngagementEvent)] = [
            (.click(subject), .clicked(subject)),
            (.view(subject, .none), .viewed(subject, durationSeconds: 0)),
            (.view(subject, try ViewDuration(seconds: 60)), .viewed(subject, durationSeconds: 60)),
            (.rate(subject, try Score(9)), .rated(subject, score: 9)),
        ]
        var state = EngagementDecider.initialState
        for (command, event) in commands + commands {
            #expect(command.subject == subject)
            #expect(EngagementDecider.decide(command, state) == [event])
            state = EngagementDecider.evolve(state, event)
            #expect(state == EngagementDecider.initialState)
            #expect(EngagementDecider.claims(of: state).isEmpty)
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import CQRS
import Testing

@testable import Consumer
@testable import OperatorKit

@Suite("What rebuild says of generations")
struct GenerationTextTests {
    private func lines(_ edit: (inout GenerationState) -> Void) -> [String] {
        var state = GenerationState()
        edit(&state)
        return GenerationText(state, of: "users").lines
    }

    @Test("is one line when there is one")
    func one() {
        #expect(lines { _ in } == ["generation 1  serves"])
    }

    @Test("names what can be done next")
    func next() {
        #expect(
            lines { $0.standby = Generation(2) } == [
                "generation 1  serves", "generation 2  is complete and kept up to date",
                "next: consumer rebuild users --rollback  to switch to the other one",
                "      consumer rebuild users --finish    to remove the other one",
            ])
        #expect(
            lines {
                $0.build = GenerationBuild(Generation(2))
                $0.build?.events = 12_345
            } == [
                "generation 1  serves", "generation 2  is being filled: 12,345 events so far",
                "next: consumer rebuild users             to go on with it",
                "      consumer rebuild users --cancel    to remove it",
            ])
        #expect(
            lines {
                $0.standby = Generation(2)
                $0.handover = .joined
            }.last == "next: consumer rebuild users             to finish the switch")
        #expect(
            lines { $0.retiring = Generation(2) }.last
                == "next: consumer rebuild users --finish    to finish the removal")
    }

    @Test("takes one action at a time, and bounded numbers")
    func arguments() throws {
        #expect(try Rebuild<Consumer>.parse(["users"]).action == nil)
        #expect(try Rebuild<Consumer>.parse(["users", "--rollback"]).action == .rollback)
        for arguments in [
            ["users", "--rollback", "--finish"], ["users", "--parallel", "0"], ["users", "--parallel", "65"],
            ["users", "--patience", "-1"], ["orders"], [],
        ] {
            #expect(throws: (any Error).self) { try Rebuild<Consumer>.parse(arguments) }
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import ServiceKit

@Suite("A connection's intake")
struct RequestIntakeTests {
    private var intake = RequestIntake.open

    @Test("takes one request after the other")
    mutating func open() {
        for _ in 1...3 { #expect(intake.admit() == true) }
        #expect(intake.passesOn)
        #expect(!intake.isLast)
    }

    @Test("takes the rest of the last request, and nothing from the next one on")
    mutating func last() {
        intake.end()
        #expect(intake.passesOn)
        #expect(intake.isLast)
        #expect(intake.admit() == false)
        #expect(!intake.passesOn)
        #expect(intake.isLast)
    }

    @Test("fails once, with the first reason, and takes nothing afterwards")
    mutating func failure() {
        #expect(intake.fail(ProblemDetails(.requestTimeout)) == true)
        #expect(intake.fail(ProblemDetails(.malformedRequest)) == false)
        intake.end()
        #expect(intake.admit() == false)
        #expect(intake.isOver)
        #expect(!intake.passesOn)
        #expect(intake.failure?.type == .requestTimeout)
    }

    @Test("fails also while the last request is still coming")
    mutating func failingLast() {
        intake.end()
        #expect(intake.fail(ProblemDetails(.malformedRequest)) == true)
        #expect(!intake.passesOn)
    }
}

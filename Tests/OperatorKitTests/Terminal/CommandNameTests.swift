// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import Testing

@testable import Consumer
@testable import OperatorKit

@Suite("The consumer's commands")
struct CommandNameTests {
    @Test(
        "are called by their names, whoever's read models they work on",
        arguments: [
            "verify users", "rebuild users --status", "dead-letters list", "dead-letters show 1",
            "dead-letters replay --all", "dead-letters discard --all", "topology declare", "topology check",
            "topology definitions", "run",
        ])
    func names(_ line: String) throws {
        _ = try Consumer.parseAsRoot(line.split(separator: " ").map(String.init))
    }
}

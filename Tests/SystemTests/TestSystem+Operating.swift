// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport

/// What an operator's command did.
struct Operation {
    let status: Int32
    /// What it printed, complaints and progress included.
    let text: String
}

extension TestSystem {
    /// Starts an operator's command of the consumer.
    func launch(_ arguments: String...) throws -> (process: RunningProcess, text: @Sendable () -> String) {
        let command = consumer.with(arguments: arguments, name: "operator-\(UUID().uuidString.prefix(8))")
        return (try command.launch(), { command.logText })
    }

    /// Runs an operator's command of the consumer to its end.
    func operate(_ arguments: String..., limit: Duration = .seconds(120)) async throws -> Operation {
        try await operate(arguments, limit: limit)
    }

    /// Runs an operator's command of the consumer to its end.
    func operate(_ arguments: [String], limit: Duration = .seconds(120)) async throws -> Operation {
        let command = consumer.with(arguments: arguments, name: "operator-\(UUID().uuidString.prefix(8))")
        let process = try command.launch()
        do {
            return Operation(status: try await process.status(within: limit), text: command.logText)
        } catch {
            try await process.killAtOnce()
            print("--- consumer \(arguments.joined(separator: " "))\n\(command.logText)")
            throw error
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Logging

extension AMQPPublisher {
    /// Runs a publisher around `body`.
    static func running(
        _ configuration: AMQPConfiguration, _ body: (AMQPPublisher) async throws -> Void
    ) async throws {
        // What there is to say about the connection is in the receipts.
        let logger = Logger(label: "amqp") { _ in SwiftLogNoOpLogHandler() }
        let publisher = AMQPPublisher(configuration: configuration, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            defer { group.cancelAll() }
            try await body(publisher)
        }
    }
}

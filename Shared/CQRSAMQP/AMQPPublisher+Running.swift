// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

package import AMQP
internal import Logging

extension AMQPPublisher {
    /// Runs a publisher around `body`.
    package static func running<Value: Sendable>(
        _ configuration: AMQPConfiguration, topology: AMQPTopology? = nil,
        _ body: (AMQPPublisher) async throws -> Value
    ) async throws -> Value {
        // What there is to say about the connection is in what came of it.
        let logger = Logger(label: "amqp") { _ in SwiftLogNoOpLogHandler() }
        let publisher = AMQPPublisher(configuration: configuration, topology: topology, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            defer { group.cancelAll() }
            return try await body(publisher)
        }
    }
}

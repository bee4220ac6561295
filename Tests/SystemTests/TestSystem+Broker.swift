// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import TestSupport

/// What an operator does to the broker, and sees of it.
extension TestSystem {
    /// How many messages each queue holds.
    func depths() async throws -> [String: Int] {
        try await list("list_queues", "name", "messages").mapValues { Int($0[0]) ?? 0 }
    }

    /// Waits until no queue but those named holds a message.
    ///
    /// What a quorum queue says it holds is up to five seconds old (its `tick_interval`), so one look proves nothing.
    func expectDrained(exceptPrefix ignored: String? = nil) async throws {
        try await eventually("nothing left in queues", within: .seconds(30)) {
            try await depths().allSatisfy { queue, depth in depth == 0 || ignored.map(queue.hasPrefix) ?? false }
        }
    }

    /// Which consumer of which connection is at each queue that has one; a new connection makes it another.
    func consumersOfQueues() async throws -> [String: [String]] {
        try await list("list_consumers", "queue_name", "channel_pid", "consumer_tag")
    }

    /// Whether an exchange passes messages on to a queue.
    func hasBinding(from exchange: String, to queue: String) async throws -> Bool {
        let rows = try await broker.rabbitmqctl(
            "-q", "list_bindings", "--no-table-headers", "source_name", "destination_kind", "destination_name")
        return rows.split(separator: "\n").contains { $0 == "\(exchange)\tqueue\t\(queue)" }
    }

    /// Lets the consumer make only what this matches, and read from only what that matches, from its next connection on.
    func restrictConsumer(configure: String = ".*", read: String = ".*") async throws {
        _ = try await broker.rabbitmqctl("-q", "set_permissions", "consumer", configure, ".*", read)
    }

    /// Makes everything that the definitions file names, where it is not so: permissions, policies, queues, bindings.
    func restoreDefinitions() async throws {
        let file = packageRoot.appending(path: "deploy/rabbitmq/definitions.json").path
        _ = try await broker.rabbitmqctl("-q", "import_definitions", file)
    }

    /// Rows by their first column.
    private func list(_ what: String, _ columns: String...) async throws -> [String: [String]] {
        let rows = try await broker.rabbitmqctl(["-q", what, "--no-table-headers"] + columns)
        return Dictionary(
            rows.split(separator: "\n").map { row in
                let values = row.split(separator: "\t").map(String.init)
                return (values[0], Array(values.dropFirst()))
            }
        ) { $0 + $1 }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import Logging
import MongoDB
import TestSupport

extension TestSystem {
    /// How many documents the read model has, counted in the database itself.
    func countUsers() async throws -> Int {
        try await reading { try await $0.collection("users").countDocuments([:]) }
    }

    /// The versions of all documents of a read model, added up.
    func lastVersions(in readModel: String) async throws -> Int {
        try await reading { database in
            try await database.collection(readModel).find([:]).toArray().compactMap { $0["version"]?.intValue }
                .reduce(0, +)
        }
    }

    /// Whether the consumer has noted from where on it watches for messages that the broker loses.
    func isWatchingForLosses() async throws -> Bool {
        try await reading { try await $0.collection("arrivals").countDocuments([:]) } > 0
    }

    /// How many events of a rebuild's new generation are noted as filled.
    func filledEvents() async throws -> Int {
        try await reading { database in
            let record = try await database.collection("generations").findOne(["_id": "users"])
            return record?["state"]?.documentValue?["build"]?.documentValue?["events"]?.intValue ?? 0
        }
    }

    /// Reads in the database of the read models.
    private func reading(_ body: (MongoDatabase) async throws -> Int) async throws -> Int {
        let client = try MongoClient(
            configuration: MongoConfiguration(uri: "mongodb://127.0.0.1:\(database.port)/?directConnection=true"),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        do {
            let count = try await body(client.database("cqrs_read"))
            await client.close(within: .zero)
            return count
        } catch {
            await client.close(within: .zero)
            throw error
        }
    }

    /// The sum of a metric of the consumer over all its labels; 0 while there is none.
    func consumerMetric(_ name: String) async throws -> Double { try await metric(name, of: consumer) }

    /// The sum of a metric of a service over all its labels; 0 while there is none.
    func metric(_ name: String, of service: TestService) async throws -> Double {
        // One that is just being restarted has counted nothing.
        guard let answer = try? await HTTP.get("\(service.url)/metrics") else { return 0 }
        return answer.body.split(separator: "\n")
            .filter { $0.hasPrefix("\(name){") || $0.hasPrefix("\(name) ") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
            .reduce(0, +)
    }

    /// How many messages a queue holds; of a quorum queue as it was up to five seconds ago (see `expectDrained`).
    func depth(of queue: String) async throws -> Int {
        let rows = try await broker.rabbitmqctl("-q", "list_queues", "--no-table-headers", "name", "messages")
        for row in rows.split(separator: "\n") {
            let columns = row.split(separator: "\t")
            if columns.count == 2, columns[0] == queue { return Int(columns[1]) ?? 0 }
        }
        return 0
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import Logging
import MongoDB
import TestSupport
import Testing

/// What the databases hold, read behind the services' backs.
struct Audit: Sendable {
    /// An event as it lies in the store.
    struct Event: Sendable {
        let id: String
        let stream: String
        let version: Int
        let type: String
        let writer: String
        let sequence: Int
        let claims: [String]
    }

    /// A user as the read model has it.
    struct User: Sendable {
        let version: Int
        let email: String?
    }

    let events: [Event]
    /// By stream.
    let users: [String: User]
    /// How far each writer says it has published.
    let checkpoints: [String: Int]

    static func read(_ system: TestSystem) async throws -> Audit {
        let client = try MongoClient(
            configuration: MongoConfiguration(
                uri: "mongodb://127.0.0.1:\(system.database.port)/?directConnection=true"),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        do {
            let write = client.database("cqrs_write")
            let read = client.database("cqrs_read")
            let audit = Audit(
                events: try await write.collection("events").find(["stream": ["$exists": true]]).toArray().map {
                    Event($0)
                },
                users: Dictionary(
                    uniqueKeysWithValues: try await read.collection("users").find().toArray().map {
                        ($0.text("_id"), User(version: $0.number("version"), email: $0["email"]?.stringValue))
                    }),
                checkpoints: Dictionary(
                    uniqueKeysWithValues: try await write.collection("writers").find().toArray().map {
                        ($0.text("_id"), $0.number("published"))
                    }))
            await client.close(within: .zero)
            return audit
        } catch {
            await client.close(within: .zero)
            throw error
        }
    }

    /// The stream's events in order.
    var streams: [String: [Event]] {
        Dictionary(grouping: events, by: \.stream).mapValues { $0.sorted { $0.version < $1.version } }
    }

    /// Every way in which the promises do not hold, or not yet.
    ///
    /// - Parameters:
    ///   - accepted: the event identifiers of all commands that were answered 202.
    ///   - instances: how many command APIs are running.
    func flaws(accepted: [String], instances: Int) -> [String] {
        var flaws: [String] = []
        let streams = streams
        let ids = Dictionary(grouping: events, by: \.id)
        // Event identifiers that were answered once each: a repeat gets the first one's again.
        for id in Set(accepted) where ids[id]?.count != 1 {
            flaws.append("accepted event \(id) is stored \(ids[id]?.count ?? 0) times")
        }
        for (stream, events) in streams {
            if events.map(\.version) != Array(1...events.count) { flaws.append("\(stream) has gaps") }
            guard let last = events.last else { continue }
            if users[stream]?.version != last.version {
                flaws.append("\(stream) is at \(last.version), its document at \(users[stream]?.version ?? 0)")
            }
            let isDeleted = last.type == "user.deleted"
            if (users[stream]?.email == nil) != isDeleted { flaws.append("\(stream) is not deleted in both") }
            let held = events.flatMap(\.claims).filter { $0.hasPrefix("email:") }
            if held.count != (isDeleted ? 0 : 1) { flaws.append("\(stream) holds \(held.count) addresses") }
        }
        for stream in users.keys where streams[stream] == nil { flaws.append("\(stream) has a document only") }
        let emails = users.values.compactMap { $0.email?.lowercased() }
        if Set(emails).count != emails.count { flaws.append("an address has two users") }
        if checkpoints.count != instances { flaws.append("\(checkpoints.count) writers for \(instances) instances") }
        for (writer, published) in checkpoints {
            let beyond = events.count { $0.writer == writer && $0.sequence > published }
            if beyond > 0 { flaws.append("\(beyond) events beyond the checkpoint of \(writer)") }
        }
        return flaws
    }
}

extension Audit.Event {
    fileprivate init(_ document: BSONDocument) {
        id = document.text("eventId")
        stream = document.text("stream")
        version = document.number("version")
        type = document.text("type")
        writer = document.text("writer")
        sequence = document.number("sequence")
        claims = document["claims"]?.arrayValue?.values.compactMap(\.stringValue) ?? []
    }
}

extension BSONDocument {
    fileprivate func text(_ name: String) -> String { self[name]?.stringValue ?? "" }
    fileprivate func number(_ name: String) -> Int { self[name]?.intValue ?? -1 }
}

extension TestSystem {
    /// Waits until every promise holds: each accepted command has its one event, versions have no gaps, everything is
    /// published and applied, nothing lies beyond a checkpoint, nothing is put aside.
    func expectPromises(accepted: [String], within limit: Duration = .seconds(90)) async throws -> Audit {
        do {
            try await eventually("all promises", within: limit, every: .milliseconds(500)) {
                try await Audit.read(self).flaws(accepted: accepted, instances: commandAPIs.count).isEmpty
            }
        } catch {
            let flaws = try await Audit.read(self).flaws(accepted: accepted, instances: commandAPIs.count)
            Issue.record("\(flaws.count) flaws: \(flaws.prefix(10))")
            throw error
        }
        #expect(try await depth(of: "users.projection.dead") == 0)
        #expect(try await depth(of: "domain_events.unrouted") == 0)
        return try await Audit.read(self)
    }
}

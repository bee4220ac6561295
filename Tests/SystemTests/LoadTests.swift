// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Under load", .serialized, .timeLimit(.minutes(10)))
    struct LoadTests {
        /// `LOAD_USERS` for more, at least 4,000: 20000 take two minutes.
        private static let count = max(
            4000, Int(ProcessInfo.processInfo.environment["LOAD_USERS"] ?? "") ?? 5000)

        @Test("many users posted over 32 connections are each readable, and none is there twice")
        func manyUsers() async throws {
            try await TestSystem.run { system, services in
                try await expectAllOnce(system, makeEmails(Self.count))
                for service in [system.commandAPI, system.queryAPI, system.consumer] {
                    let memory = try residentMemory(try #require(await services.process(service)).pid)
                    print("resident memory after \(Self.count) users: \(service.name) \(memory) MiB")
                }
            }
        }

        @Test("the same with the consumer killed five times with messages in flight")
        func consumerKilled() async throws {
            try await TestSystem.run { system, services in
                async let killing: Void = {
                    for _ in 0..<5 {
                        let before = try await appliedEvents(system)
                        try await eventually("events in flight", within: .seconds(60)) {
                            try await appliedEvents(system) > before + 500
                        }
                        try await services.killAndRestart(system.consumer)
                    }
                }()
                try await expectAllOnce(system, makeEmails(Self.count))
                try await killing
            }
        }

        @Test("20,000 lines through one curl are answered in order, readable, and need no memory for them all")
        func importLines() async throws {
            try await TestSystem.run { system, services in
                let folder = try TestEnvironment.makeFolder("import")
                let emails = makeEmails(20_000)
                let file = folder.appending(path: "users.ndjson")
                let lines = emails.enumerated().map { index, email in
                    // Every thousandth line is wrong in its own way.
                    index % 1000 == 999 ? #"{"name":"","email":"\#(email)"}"# : #"{"name":"Ada","email":"\#(email)"}"#
                }
                try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
                let answer = try await succeed(
                    "curl",
                    [
                        "-sS", "-X", "POST", "-H", "Content-Type: application/x-ndjson", "-T", file.path,
                        "\(system.commandAPI.url)/users/import",
                    ])
                let results = try answer.split(separator: "\n").map {
                    try JSONDecoder().decode(ImportResult.self, from: Data($0.utf8))
                }
                #expect(results.map(\.line) == Array(1...20_000))
                #expect(results.count { $0.status == 202 } == 19_980)
                #expect(results.filter { $0.status == 422 }.map(\.line) == (1...20).map { $0 * 1000 })
                let memory = try residentMemory(try #require(await services.process(system.commandAPI)).pid)
                print("resident memory after an import of 20,000 lines: command-api \(memory) MiB")
                #expect(memory < 200)
                let audit = try await system.expectPromises(
                    accepted: results.compactMap(\.eventId), within: .seconds(180))
                #expect(audit.users.count == 19_980)
                try FileManager.default.removeItem(at: folder)
            }
        }

        private func expectAllOnce(_ system: TestSystem, _ emails: [String]) async throws {
            let result = try await system.postAll(emails)
            #expect(result.accepted.count == emails.count)
            #expect(result.refused.isEmpty && result.unanswered.isEmpty)
            try await eventually("last user readable", within: .seconds(120), every: .milliseconds(200)) {
                try await system.countReadable(Array(emails.suffix(50))) == 50
            }
            try await eventually("all users readable", within: .seconds(120), every: .seconds(1)) {
                try await system.countReadable(emails) == emails.count
            }
            #expect(try await system.countUsers() == emails.count)
        }

        private func appliedEvents(_ system: TestSystem) async throws -> Double {
            try await system.consumerMetric("cqrs_projection_events_applied_total")
        }
    }
}

private struct ImportResult: Decodable {
    let line: Int
    let status: Int
    let eventId: String?
}

private func makeEmails(_ count: Int) -> [String] {
    let run = UUID().uuidString.prefix(8).lowercased()
    return (0..<count).map { "user\($0)@\(run).example.org" }
}

private func residentMemory(_ pid: pid_t) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let kilobytes = try #require(status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap { Int($0.1) })
    return kilobytes / 1024
}

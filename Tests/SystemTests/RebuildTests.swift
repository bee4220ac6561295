// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import Synchronization
import TestSupport
import Testing

extension SystemTests {
    @Suite("A read model can be thrown away", .serialized, .timeLimit(.minutes(10)))
    struct RebuildTests {
        /// Users there are before anything else; several ranges, so that the filling can be interrupted.
        private static let users = 12_000
        /// How many of them are changed and read all the while.
        private static let watched = 200

        @Test(
            "rebuilt, killed meanwhile, switched, rolled back and finished, while nobody sees an older user or an error"
        )
        func wholeLife() async throws {
            try await TestSystem.run { system, _ in
                try await importUsers(system)
                let urls = (0..<Self.watched).map { "\(system.queryAPI.url)/users/\(Self.email($0))" }
                let load = RebuildLoad([WatchedReads(urls, readers: 4)]) { number in
                    let url = "\(system.commandAPI.url)/users/\(Self.email(number % Self.watched))"
                    return try await HTTP.send("PATCH", url, json: #"{"name":"Ada \#(number)"}"#).status == 202
                }
                try await load.running {
                    try await killWhileFilling(system)
                    let rebuilt = try await system.operate("rebuild", "users", "--parallel", "2")
                    try #require(rebuilt.status == 0, "\(rebuilt.text)")
                    #expect(rebuilt.text.contains("going on after"), "\(rebuilt.text)")
                    #expect(rebuilt.text.contains("generation 2  serves"), "\(rebuilt.text)")
                    let old = try await system.operate("verify", "users", "--generation", "1")
                    #expect(old.status == 0, "\(old.text)")

                    for serving in [1, 2] {
                        let switched = try await system.operate("rebuild", "users", "--rollback")
                        #expect(switched.status == 0, "\(switched.text)")
                        #expect(switched.text.contains("generation \(serving)  serves"), "\(switched.text)")
                        try await load.expectProgress()
                    }
                    let finished = try await system.operate("rebuild", "users", "--finish")
                    #expect(finished.status == 0, "\(finished.text)")
                    #expect(finished.text.hasSuffix("generation 2  serves\n"), "\(finished.text)")
                    try await load.expectProgress()
                }
                #expect(load.failures.isEmpty, "\(load.failures.prefix(5))")
                let clean = try await system.operate("verify", "users", "--patience", "30")
                #expect(clean.status == 0, "\(clean.text)")
                print("rebuild under load: \(load.readCount) reads, \(load.changes.value) changes")
                #expect(try await system.operate("verify", "users", "--generation", "1").status == 1)
                #expect(try await system.operate("rebuild", "users", "--rollback").status == 1)

                // What was the second generation's own is gone, and the permanent queue feeds it.
                let queues = try await system.broker.rabbitmqctl("-q", "list_queues", "--no-table-headers", "name")
                #expect(!queues.contains(".g2"), "\(queues)")
                try await system.expectDrained()
            }
        }

        private static func email(_ number: Int) -> String { "rebuild\(number)@example.org" }

        private func importUsers(_ system: TestSystem) async throws {
            let folder = try TestEnvironment.makeFolder("rebuild")
            let file = folder.appending(path: "users.ndjson")
            let lines = (0..<Self.users).map { #"{"name":"Ada","email":"\#(Self.email($0))"}"# + "\n" }
            try Data(lines.joined().utf8).write(to: file)
            try await succeed(
                "curl",
                [
                    "-sS", "-o", "/dev/null", "-X", "POST", "-H", "Content-Type: application/x-ndjson", "-T", file.path,
                    "\(system.commandAPI.url)/users/import",
                ])
            try FileManager.default.removeItem(at: folder)
            try await eventually("all users there", within: .seconds(120), every: .milliseconds(200)) {
                try await system.countUsers() == Self.users
            }
        }

        /// Kills a rebuild with SIGKILL once it has noted that some of the users are filled.
        private func killWhileFilling(_ system: TestSystem) async throws {
            let rebuild = try system.launch("rebuild", "users", "--parallel", "1")
            try await eventually("some filled", within: .seconds(60)) {
                try #require(rebuild.process.isRunning, "\(rebuild.text())")
                return try await system.filledEvents() > 0
            }
            try await rebuild.process.killAtOnce()
            let status = try await system.operate("rebuild", "users", "--status")
            #expect(status.status == 0)
            #expect(status.text.contains("generation 1  serves"), "\(status.text)")
            #expect(status.text.contains("generation 2  is being filled"), "\(status.text)")
        }
    }
}

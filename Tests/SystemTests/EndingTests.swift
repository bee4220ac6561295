// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import Logging
import MongoDB
import TestSupport
import Testing

extension SystemTests {
    @Suite("SIGTERM", .serialized, .timeLimit(.minutes(10)))
    struct EndingTests {
        /// What is wrong with a server.
        private enum Trouble: String, CaseIterable {
            case none = "well"
            /// It is there and does not answer.
            case frozen
            /// Connections break, and no new ones can be made.
            case cut
            /// It answers, and takes nothing that is written: a broker without memory, a locked database.
            case alarmed
        }

        private struct Case: CustomStringConvertible {
            let broker: Trouble
            let database: Trouble

            var description: String { "broker \(broker.rawValue), database \(database.rawValue)" }
        }

        /// `TEST_ENDINGS=all`: every pair; otherwise those in which the most can get stuck.
        private static let cases: [Case] =
            ProcessInfo.processInfo.environment["TEST_ENDINGS"] == "all"
            ? Trouble.allCases.flatMap { broker in Trouble.allCases.map { Case(broker: broker, database: $0) } }
            : [
                Case(broker: .none, database: .frozen), Case(broker: .frozen, database: .none),
                Case(broker: .cut, database: .cut),
            ]

        @Test("ends every service with 0 within ten seconds, whatever is wrong, and what was accepted stays")
        func endings() async throws {
            let wires = Wires()
            try await TestSystem.run(wires: wires.lay) { system, services in
                var accepted: [String] = []
                for (number, ending) in Self.cases.enumerated() {
                    if number > 0 { try await services.startAll() }
                    let stop = Flag()
                    async let load = load(system, prefix: "ending\(number)", until: stop)
                    try await system.waitForUser("ending\(number)-1-5@example.org")
                    try await Self.make(ending.broker, system.broker, wires.broker)
                    try await Self.make(ending.database, system.database, wires.database)
                    // What is under way stays so. The test's client must not get to know ports where nobody listens:
                    // it then looks there less and less often.
                    stop.set()
                    for line in try await end(system, services, ending) { print(line) }
                    try await Self.mend(ending.broker, system.broker, wires.broker)
                    try await Self.mend(ending.database, system.database, wires.database)
                    accepted += await load
                }
                try await services.startAll()
                let all = accepted
                try await eventually("every accepted user readable", within: .seconds(60), every: .milliseconds(250)) {
                    try await system.countReadable(all) == all.count
                }
            }
        }

        /// Ends all services at the same time. - Returns: a line for each.
        private func end(_ system: TestSystem, _ services: Services, _ ending: Case) async throws -> [String] {
            try await withThrowingTaskGroup(of: String.self) { group in
                for service in system.services {
                    group.addTask {
                        let start = ContinuousClock.now
                        let status = try? await services.terminate(service, within: .seconds(20))
                        let seconds = (ContinuousClock.now - start) / .seconds(1)
                        if status != 0 { print("--- \(service.name)\n\(service.logText.suffix(3000))") }
                        #expect(status == 0, "\(service.name), \(ending)")
                        #expect(seconds < 10, "\(service.name), \(ending)")
                        return String(
                            format: "%@ | %@ | %.1f s | status %@", "\(ending)", service.name, seconds,
                            status.map { "\($0)" } ?? "none")
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }

        /// Registers users until told to stop, whatever becomes of it. - Returns: whose registration was accepted.
        private func load(_ system: TestSystem, prefix: String, until stop: Flag) async -> [String] {
            await withTaskGroup(of: [String].self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var accepted: [String] = []
                        var number = 0
                        while !stop.isSet {
                            let email = "\(prefix)-\(worker)-\(number)@example.org"
                            number += 1
                            // Half of them read from the event store.
                            if worker.isMultiple(of: 2) {
                                _ = try? await HTTP.get(
                                    "\(system.queryAPI.url)/users/\(prefix)-1-0@example.org/history")
                                continue
                            }
                            if let answer = try? await system.post(email: email), answer.status == 202 {
                                accepted.append(email)
                            }
                        }
                        return accepted
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
        }

        private static func make(_ trouble: Trouble, _ server: TestServer, _ wire: TCPProxy?) async throws {
            switch trouble {
            case .none: break
            case .frozen: try await server.pause()
            case .cut:
                wire?.setRefusing(true)
                wire?.cut()
            case .alarmed: try await alarm(server, true)
            }
        }

        private static func mend(_ trouble: Trouble, _ server: TestServer, _ wire: TCPProxy?) async throws {
            switch trouble {
            case .none: break
            case .frozen: try await server.resume()
            case .cut: wire?.setRefusing(false)
            case .alarmed: try await alarm(server, false)
            }
        }

        private static func alarm(_ server: TestServer, _ isOn: Bool) async throws {
            switch server.kind {
            case .rabbitmq:
                try await server.rabbitmqctl("set_vm_memory_high_watermark", isOn ? "0.00001" : "0.4")
            case .mongod:
                let client = try MongoClient(
                    configuration: MongoConfiguration(
                        uri: "mongodb://127.0.0.1:\(server.port)/?directConnection=true"),
                    logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
                let command: BSONDocument = isOn ? ["fsync": 1, "lock": true] : ["fsyncUnlock": 1]
                let outcome = try? await client.database("admin").runCommand(command)
                await client.close(within: .zero)
                #expect(outcome != nil)
            }
        }
    }
}

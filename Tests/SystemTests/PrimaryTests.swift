// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import Synchronization
import TestSupport
import Testing

extension SystemTests {
    @Suite("When the primary dies", .serialized, .timeLimit(.minutes(10)))
    struct PrimaryTests {
        /// `TEST_PRIMARIES`: how many times; 1 if it does not say.
        private static let rounds =
            ProcessInfo.processInfo.environment["TEST_PRIMARIES"].flatMap { Int($0) } ?? 1

        @Test("commands work again by themselves after there is a new one", arguments: ReplicaSet.Loss.allCases)
        func lost(_ loss: ReplicaSet.Loss) async throws {
            let folder = try TestEnvironment.makeFolder("primary")
            try await ReplicaSet.with(in: folder) { set in
                // The broker is somebody else's matter: what is accepted waits for it.
                let service = TestService(
                    "command-api", environment: ["MONGODB_URI": set.uri, "AMQP_URL": "amqp://127.0.0.1:9"],
                    logs: folder)
                let process = try await service.start()
                do {
                    for round in 1...Self.rounds {
                        let seconds = try await losePrimary(of: set, loss, under: service, round)
                        print("primary \(loss): commands work \(seconds) s after there is a new one")
                        // A killed one is noticed at once. What has been sent to a silent one waits for the driver's time limits,
                        // which a loaded machine stretches.
                        #expect(seconds < (loss == .killed ? 5 : 30))
                    }
                } catch {
                    print(service.logText.suffix(6000))
                    try await process.killAtOnce()
                    throw error
                }
                #expect(try await process.terminate() == 0)
            }
            try FileManager.default.removeItem(at: folder)
        }

        /// - Returns: how long it took from the new primary until all of several clients were served again, in seconds.
        private func losePrimary(
            of set: ReplicaSet, _ loss: ReplicaSet.Loss, under service: TestService, _ round: Int
        ) async throws -> Double {
            let stop = Flag()
            let clients = 16
            let served = Served(clients: clients)
            async let load: Void = inParallel(clients, until: stop) { number in
                let email = "lost-\(round)-\(number)@example.org"
                let body = #"{"name":"Ada","email":"\#(email)"}"#
                guard let answer = try? await HTTP.post("\(service.url)/users", json: body) else { return }
                if answer.status == 202 { served.note(number) }
            }
            let start = ContinuousClock.now
            try await eventually("all served") { served.all(since: start) }
            let bringBack = try await set.losePrimary(loss)
            try await set.primary()
            let elected = ContinuousClock.now
            try await eventually("all served again", within: .seconds(90)) { served.all(since: elected) }
            let seconds = (ContinuousClock.now - elected) / .seconds(1)
            stop.set()
            try await load
            try await bringBack()
            return seconds
        }
    }
}

/// When commands were last accepted. Numbers go around: each stands for about one of the clients.
private final class Served: Sendable {
    private let times: Mutex<[ContinuousClock.Instant?]>

    init(clients: Int) { times = Mutex(Array(repeating: nil, count: clients)) }

    func note(_ number: Int) { times.withLock { $0[number % $0.count] = .now } }

    func all(since start: ContinuousClock.Instant) -> Bool {
        times.withLock { $0.allSatisfy { $0.map { $0 > start } ?? false } }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport
import Testing

/// Registers, changes and reads users, expects every promise about them to hold meanwhile, and says how fast all that goes.
struct UserTraffic {
    private let system: TestSystem
    private let known: [String]

    /// Registers those who are changed and read all the while.
    init(_ system: TestSystem) async throws {
        self.system = system
        let known = (0..<40).map { "known\($0)@example.org" }
        self.known = known
        #expect(try await system.postAll(known).accepted.count == known.count)
        try await eventually("known users readable") { try await system.countReadable(known) == known.count }
    }

    /// Goes on for a time.
    ///
    /// - Parameters:
    ///   - phase: what goes on beside it; a name that no other phase has.
    ///   - beside: makes that go on until the flag is set.
    func go(
        on phase: String, for time: Duration, beside: @Sendable @escaping (Flag) async throws -> Void = { _ in }
    ) async throws {
        let (system, known, stop) = (system, known, Flag())
        let (commands, registered, lags) = (Counter(), Collected<String>(), Collected<Duration>())
        let reads = WatchedReads(known.map { "\(system.queryAPI.url)/users/\($0)" }, readers: 2)
        let before = try await system.countUsers()
        @Sendable func register(_ email: String) async throws -> HTTPAnswer {
            let answer = try accepted(await system.post(email: email))
            registered.add(email)
            commands.add()
            return answer
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { stop.set() }
            group.addTask {
                // How long a phase is measured; what must come true is waited for below.
                try await Task.sleep(for: time)
                stop.set()
            }
            group.addTask { try await beside(stop) }
            group.addTask { await reads.run(until: stop) }
            group.addTask {
                try await inParallel(2, until: stop) { number in
                    _ = try await register("\(phase).\(number)@example.org")
                    let url = "\(system.commandAPI.url)/users/\(known[number % known.count])"
                    _ = try accepted(await HTTP.send("PATCH", url, json: #"{"name":"\#(phase) \#(number)"}"#))
                    commands.add()
                }
            }
            group.addTask {
                try await inParallel(1, until: stop) { number in
                    let answer = try await register("\(phase).seen.\(number)@example.org")
                    let start = ContinuousClock.now
                    let url = try #require(answer.header("location"))
                    try await eventually("user visible") { try await HTTP.get(url).status == 200 }
                    lags.add(.now - start)
                }
            }
            while let result = await group.nextResult() {
                // The others need not go on.
                if case .failure = result { stop.set() }
                try result.get()
            }
        }
        #expect(reads.failures.all.isEmpty, "\(phase): \(reads.failures.all.prefix(5))")
        let emails = registered.all
        try await eventually("all of \(phase) readable", within: .seconds(60)) {
            try await system.countUsers() == before + emails.count
        }
        #expect(try await system.countReadable(Array(emails.suffix(200))) == min(emails.count, 200))
        report(phase, time, commands.value, lags.all, reads.count.value)
    }

    private func report(_ phase: String, _ time: Duration, _ commands: Int, _ lags: [Duration], _ reads: Int) {
        // A phase in which nothing was done says nothing.
        #expect(commands > 0 && !lags.isEmpty && reads > 0, "\(phase)")
        let sorted = lags.sorted()
        func milliseconds(_ part: Double) -> String {
            guard let last = sorted.last else { return "-" }
            let index = Int(Double(sorted.count) * part)
            return String(format: "%.1f", (index < sorted.count ? sorted[index] : last) / .milliseconds(1))
        }
        let seconds = time / .seconds(1)
        print(
            "users, \(phase): \(Int(Double(commands) / seconds)) commands/s, visible after \(milliseconds(0.5)) ms (p50) and "
                + "\(milliseconds(0.99)) ms (p99 of \(lags.count)), \(Int(Double(reads) / seconds)) reads/s")
    }
}

/// The answer, if it is 202.
private func accepted(_ answer: HTTPAnswer) throws -> HTTPAnswer {
    guard answer.status == 202 else { throw UnexpectedAnswer(answer) }
    return answer
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import TestSupport

/// Changes what read models show and reads them all the while.
final class RebuildLoad: Sendable {
    let changes = Counter()
    private let reads: [WatchedReads]
    private let change: @Sendable (Int) async throws -> Bool
    private let stop = Flag()

    /// - Parameters:
    ///   - reads: what is read.
    ///   - change: makes the change of a number; whether it was accepted.
    init(_ reads: [WatchedReads], change: @Sendable @escaping (Int) async throws -> Bool) {
        self.reads = reads
        self.change = change
    }

    /// Reads so far.
    var readCount: Int { reads.map(\.count.value).reduce(0, +) }

    /// What was read and must not be.
    var failures: [String] { reads.flatMap(\.failures.all) }

    /// Runs around a body.
    func running(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reads in reads { group.addTask { await reads.run(until: self.stop) } }
            group.addTask {
                try await inParallel(2, until: self.stop) { number in
                    if (try? await self.change(number)) == true { self.changes.add() }
                    // A pace: the machine has a rebuild to do as well.
                    try? await Task.sleep(for: .milliseconds(5))
                }
            }
            defer { stop.set() }
            try await body()
            stop.set()
            try await group.waitForAll()
        }
    }

    /// Waits until there were further changes, and further reads of everything.
    func expectProgress() async throws {
        let (counts, changed) = (reads.map(\.count.value), changes.value)
        try await eventually("further reads and changes", within: .seconds(60)) {
            zip(reads, counts).allSatisfy { $0.count.value > $1 + 50 } && changes.value > changed + 10
        }
    }
}

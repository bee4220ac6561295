// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit
import Foundation
import Synchronization

/// Threads that block, as libmongoc's calls do.
enum Workers {
    /// Runs a body on each of some threads for some time.
    ///
    /// - Parameter body: gets the thread's number and a question for whether the time is over; says how much it did.
    static func run(
        _ count: Int, for time: Duration, _ body: @escaping @Sendable (Int, () -> Bool) throws -> Int
    ) throws -> RateReport {
        let outcome = Outcome()
        let finished = DispatchGroup()
        let start = ContinuousClock.now
        for number in 1...count {
            finished.enter()
            Thread {
                outcome.add(Result { try body(number) { .now >= start + time } })
                finished.leave()
            }.start()
        }
        finished.wait()
        return RateReport(operations: try outcome.sum(), in: .now - start)
    }
}

private final class Outcome: Sendable {
    private let results = Mutex<[Result<Int, any Error>]>([])

    func add(_ result: Result<Int, any Error>) { results.withLock { $0.append(result) } }

    func sum() throws -> Int { try results.withLock { try $0.reduce(0) { try $0 + $1.get() } } }
}

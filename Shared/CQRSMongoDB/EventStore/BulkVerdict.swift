// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS

/// What one bulk led to: each of its appends has an answer, or is to be tried again.
struct BulkVerdict {
    typealias Queue = GroupCommit.Queue

    /// The answers.
    private(set) var resolutions: [Queue.Resolution] = []
    /// To be tried again.
    var again: [Queue.Entry] = []
    /// Whether the database is in trouble, so that the next bulk had better wait.
    var isFailure = false

    /// This is the answer.
    mutating func settle(_ entry: Queue.Entry, _ outcome: AppendOutcome) {
        resolutions.append(Queue.Resolution(waiter: entry.waiter, result: .success(outcome)))
    }

    /// An attempt failed without a trace; earlier ones may have left one.
    mutating func fail(_ entry: Queue.Entry, _ error: any Error) {
        if entry.isDoubtful {
            again.append(entry)
        } else {
            resolutions.append(Queue.Resolution(waiter: entry.waiter, result: .failure(error)))
        }
    }

    /// An attempt may have succeeded.
    mutating func doubt(_ entry: Queue.Entry) {
        var entry = entry
        entry.isDoubtful = true
        again.append(entry)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Metrics

/// The metrics of the group commit.
struct CommitMetrics: Sendable {
    /// Made when the process first commits: one that only reads the events has none of these.
    static let shared = CommitMetrics()

    private let batchSize = Recorder(label: "cqrs_append_batch_size")
    private let appended = Self.outcome("appended")
    private let conflicts = Self.outcome("version-conflict")
    private let taken = Self.outcome("claim-taken")
    private let unknown = Self.outcome("unknown")
    private let failed = Self.outcome("failed")

    private static func outcome(_ name: String) -> Counter {
        Counter(label: "cqrs_appends", dimensions: [("outcome", name)])
    }

    /// Notes how many appends went into one bulk.
    func countBatch(_ appends: Int) { batchSize.record(appends) }

    /// Counts what became of appends.
    func count<Waiter>(_ resolutions: [CommitQueue<Waiter>.Resolution]) {
        for resolution in resolutions {
            switch resolution.result {
            case .success(.appended): appended.increment()
            case .success(.versionConflict): conflicts.increment()
            case .success(.claimTaken): taken.increment()
            case .failure(let error): (error is AppendOutcomeUnknown ? unknown : failed).increment()
            }
        }
    }
}

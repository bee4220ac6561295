// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization

/// The streams that a process's projectors of one read model have stopped at an event they could not apply.
///
/// It knows what this process has put aside, and forgets it at the end of the process: `verify` knows everything, at a
/// price. It keeps at most ``limit`` streams; of more than that it counts no further.
public final class StoppedStreams: Sendable {
    /// The most streams that are kept.
    static let limit = 10_000

    private struct State {
        /// For each stream the version that its document does not get to.
        var versions: [StreamID: Int64] = [:]
        /// The name of the stream that ``next(_:)`` gave last.
        var last = ""
    }

    private let state = Mutex(State())

    /// None yet.
    public init() {}

    /// How many there are.
    var count: Int { state.withLock { $0.versions.count } }

    /// Takes note of what was put aside: of each stream the earliest version counts.
    func add(_ letters: [DeadLetter]) {
        state.withLock { state in
            for case .success(let event) in letters.map(\.delivery.event) {
                if let known = state.versions[event.stream] {
                    state.versions[event.stream] = min(known, event.version)
                } else if state.versions.count < Self.limit {
                    state.versions[event.stream] = event.version
                }
            }
        }
    }

    /// Takes note of a stream's document being at a version.
    func reached(_ version: Int64, of stream: StreamID) {
        state.withLock { state in
            guard let stopped = state.versions[stream], version >= stopped else { return }
            state.versions[stream] = nil
        }
    }

    /// Takes note of a stream having nothing that could be applied.
    func remove(_ stream: StreamID) { state.withLock { $0.versions[stream] = nil } }

    /// The next streams in a round through all of them.
    func next(_ count: Int) -> [StreamID] {
        state.withLock { state in
            let later = state.versions.keys.filter { $0.name > state.last }.sorted { $0.name < $1.name }
            let next = Array(later.prefix(count))
            // The end of a round is a short batch.
            state.last = next.count < count ? "" : next.last?.name ?? ""
            return next
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials

/// Looks into the past of streams for many callers, a few at a time.
///
/// Each look reads its stream from the beginning, which may be long: without a bound, many of them would take everything
/// that the event store can do from all who ask it for little.
public final class StreamPast<P: Projection>: Sendable {
    private let history: any EventHistory
    private let turns: KeyedSemaphore<Line>

    /// All looks wait in one line.
    private enum Line { case only }

    /// Looks into the streams of an event store.
    ///
    /// - Parameters:
    ///   - parallel: how many looks to take at once, at least 1.
    ///   - waiting: how many more may wait.
    public init(_ history: any EventHistory, parallel: Int = 2, waiting: Int = 100) {
        self.history = history
        turns = KeyedSemaphore(holderLimit: parallel, waiterLimit: waiting)
    }

    /// How many wait for their turn.
    var waiting: Int { turns.waiting(for: .only) }

    /// What a stream's events made of it up to a moment.
    ///
    /// - Throws: an error of category ``FailureCategory/unavailable`` when too many wait; `CancellationError`; what
    ///   ``PastDocument/init(of:at:in:)`` throws.
    public func document(of stream: StreamID, at moment: HistoryMoment) async throws -> PastDocument<P> {
        try await turns.withTurn(.only) { try await PastDocument(of: stream, at: moment, in: history) }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// Up to where it has been looked whether what writers published has arrived in a read model.
public struct ArrivalMarks: Sendable, Equatable {
    /// How far each writer was looked after, of those that had a checkpoint at the last look.
    public var writers: [WriterID: RelayProgress]
    /// The last writer known: all before it have ended and were looked after, or are among ``writers``.
    public var newest: WriterID?

    /// Describes marks.
    public init(writers: [WriterID: RelayProgress] = [:], newest: WriterID? = nil) {
        self.writers = writers
        self.newest = newest
    }
}

/// Remembers marks for longer than a process lives. All errors have a ``FailureCategory``.
public protocol ArrivalLedger: Sendable {
    /// The last marks; `nil` when there are none yet.
    func marks() async throws -> ArrivalMarks?

    /// Keeps marks in place of earlier ones.
    func keep(_ marks: ArrivalMarks) async throws
}

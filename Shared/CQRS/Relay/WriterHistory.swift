// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What writers have published, as those see it who want to know whether all of it has arrived. All errors have a
/// ``FailureCategory``.
public protocol WriterHistory: Sendable {
    /// How far each writer has published that has a checkpoint: those that live, and those that left something behind.
    func progress() async throws -> [WriterID: RelayProgress]

    /// The writers that have appended events, in order of their names, which is about that of their beginning.
    ///
    /// - Parameters:
    ///   - writer: the one before the first wanted; `nil` for the first of all.
    ///   - limit: the most to return, at least 1; each costs a look at an index.
    func writers(after writer: WriterID?, limit: Int) async throws -> [WriterID]

    /// The number of a writer's last commit; 0 when it has none.
    func lastNumber(of writer: WriterID) async throws -> Int64

    /// A writer's commits with these numbers, as far as they exist, in order of their numbers.
    ///
    /// - Parameter numbers: at most 1,000.
    func commits(of writer: WriterID, numbered numbers: [Int64]) async throws -> [OutboxCommit]
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A job that nobody waits for, such as the end of a cursor.
final class Errand: Job {
    private let body: @Sendable (Connection) -> Void

    init(_ body: @escaping @Sendable (Connection) -> Void) { self.body = body }

    /// It waits as long as it takes: what it frees, only it frees.
    let queueDeadline = ContinuousClock.now + .seconds(365 * 86_400)
    var deadline: ContinuousClock.Instant { queueDeadline }
    var isWrite: Bool { false }
    var isAnswered: Bool { false }

    func run(on connection: Connection) { body(connection) }
    func fail(_ error: MongoError) {}
}

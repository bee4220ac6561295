// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Remembers, for longer than a process lives, that a read model may lack events that no queue holds any more.
public protocol CatchUpLedger: Sendable {
    /// Asks for a catch-up that begins after this.
    ///
    /// - Throws: an error with a ``FailureCategory``; nothing may have been remembered.
    func request() async throws

    /// The last request that is not done, by a name that no other one has.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func pending() async throws -> String?

    /// Says that a request is done. A later one stays.
    ///
    /// - Throws: an error with a ``FailureCategory``; it may be done all the same.
    func complete(_ request: String) async throws
}

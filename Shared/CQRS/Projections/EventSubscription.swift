// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A read model's share of the published events, each delivered at least once, in any order.
public protocol EventSubscription: Sendable {
    /// Waits for at least one delivery, then takes all that have arrived, up to a number.
    ///
    /// - Returns: no deliveries only after the subscription has ended, or after ``stopDelivering()``.
    func nextBatch(maximum: Int) async throws -> [EventDelivery]

    /// Delivers nothing more: who waits in ``nextBatch(maximum:)`` gets an empty batch, and so does whoever asks from now on.
    /// What was delivered can still be settled.
    ///
    /// It returns at once, and may be called from anywhere and more than once.
    func stopDelivering()

    /// Says that deliveries are done with and need not come again.
    func acknowledge(_ deliveries: [EventDelivery]) async throws

    /// How often one message can be delivered again after a pause; see ``retry(_:)``.
    var retryLimit: Int { get }

    /// Has deliveries come again later, each after a pause that grows with its ``EventDelivery/retries``, and says that they
    /// are done with for now. Others do not wait for them.
    ///
    /// When it throws, they will be delivered again, and may come again after the pause all the same.
    ///
    /// - Parameter failures: deliveries with fewer than ``retryLimit`` retries behind them.
    func retry(_ failures: [FailedDelivery]) async throws

    /// Puts deliveries aside with the reason, durably, and then acknowledges them.
    ///
    /// When it throws, they will be delivered again, and may have been put aside all the same.
    func deadLetter(_ letters: [DeadLetter]) async throws
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A delivery that cannot be processed, and why.
public struct DeadLetter: Sendable {
    /// What was delivered.
    public let delivery: EventDelivery
    /// Why it cannot be processed.
    public let cause: MalformedEvent
    /// The category of the failure: ``FailureCategory/malformed`` for what was put aside at once, that of the last
    /// failure for what was tried again before.
    public let category: FailureCategory

    /// Pairs a delivery with the reason against it.
    public init(_ delivery: EventDelivery, _ cause: MalformedEvent) {
        self.delivery = delivery
        self.cause = cause
        category = cause.category
    }

    /// What becomes of a delivery after its last attempt.
    public init(_ failure: FailedDelivery) {
        delivery = failure.delivery
        cause = MalformedEvent(.notApplicable, failure.error)
        category = failure.category
    }
}

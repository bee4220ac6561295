// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An answer to one or more deliveries, as it goes to the broker.
struct Settlement: Equatable {
    enum Outcome: Equatable {
        case acknowledge
        /// Back to the queue.
        case requeue
        /// Dropped, or dead-lettered where the queue has an exchange for that.
        case discard
    }

    let tag: UInt64
    /// Whether it stands for every delivery up to the tag that has no answer yet.
    let multiple: Bool
    let outcome: Outcome
}

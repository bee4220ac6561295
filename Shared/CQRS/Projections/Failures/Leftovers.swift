// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a batch leaves behind: deliveries that could not be applied.
struct Leftovers: Sendable {
    /// Those that no repeat would help.
    var letters: [DeadLetter] = []
    /// Those that may be applied later.
    var retries: [FailedDelivery] = []

    var isEmpty: Bool { letters.isEmpty && retries.isEmpty }

    mutating func add(_ more: Leftovers) {
        letters += more.letters
        retries += more.retries
    }

    /// Adds deliveries that failed for a reason of their stream's own: to be tried again if they were not tried often
    /// enough.
    mutating func add(_ deliveries: [EventDelivery], failedOf error: any Error, retryLimit: Int) {
        for delivery in deliveries {
            let failure = FailedDelivery(delivery, error)
            if delivery.retries < retryLimit {
                retries.append(failure)
            } else {
                letters.append(DeadLetter(failure))
            }
        }
    }
}

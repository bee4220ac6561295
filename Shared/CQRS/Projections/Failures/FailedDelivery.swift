// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A delivery whose event was understood and could not be applied, for a reason that concerns its stream alone and may
/// pass.
public struct FailedDelivery: Sendable {
    /// What was delivered.
    public let delivery: EventDelivery
    /// The kind of failure.
    public let category: FailureCategory
    /// What went wrong, without data: it ends up in headers and logs.
    public let error: String

    /// Pairs a delivery with the error met.
    public init(_ delivery: EventDelivery, _ error: any Error) {
        self.delivery = delivery
        category = FailureCategory(of: error)
        self.error = SafeText.of(error)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Sends spans once.
protocol SpanSender: Sendable {
    /// Sends a batch.
    ///
    /// - Parameter limit: how long it may take.
    func send(_ batch: [SpanData], within limit: Duration) async -> SendOutcome
}

/// What became of sending a batch.
enum SendOutcome: Sendable, Equatable {
    /// The collector has it.
    case taken(PartialSuccess?)
    /// It may be sent again, but not before this time is over, if there is one.
    case unavailable(String, retryAfter: Duration?)
    /// Sending it again would be of no use.
    case refused(String)
}

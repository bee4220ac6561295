// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Waits for a condition, looking every few milliseconds.
///
/// - Throws: ``DeadlineExceeded`` when it does not come true in time, or the condition's own error.
public func eventually(
    _ what: String, within limit: Duration = .seconds(30), every interval: Duration = .milliseconds(20),
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while try await !condition() {
        guard clock.now < deadline else { throw DeadlineExceeded(what: what, limit: limit) }
        try await clock.sleep(for: interval)
    }
}

/// What was waited for did not happen in time.
public struct DeadlineExceeded: Error, CustomStringConvertible {
    let what: String
    let limit: Duration

    /// What was waited for, and how long.
    public var description: String { "not within \(limit): \(what)" }
}

/// Runs a body that must end in time.
///
/// - Throws: ``DeadlineExceeded`` when it does not, after cancelling it; or the body's own error.
public func within<T: Sendable>(
    _ limit: Duration, _ what: String = "an answer", _ body: @Sendable @escaping () async throws -> T
) async throws -> T {
    try await withThrowingTaskGroup(of: T?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await ContinuousClock().sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else {
            throw DeadlineExceeded(what: what, limit: limit)
        }
        return result
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Cancels what takes longer, and returns when it has ended.
///
/// - Throws: ``TimeIsUp``; what the body throws.
package func limited<Value: Sendable>(
    to limit: Duration, _ body: @Sendable @escaping () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { race in
        race.addTask { try await body() }
        race.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { race.cancelAll() }
        guard let first = try await race.next(), let value = first else { throw TimeIsUp() }
        return value
    }
}

/// Something took longer than it was given.
package struct TimeIsUp: CategorizedError {
    package var category: FailureCategory { .unavailable }
}

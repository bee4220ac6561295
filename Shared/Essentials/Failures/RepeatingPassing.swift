// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Repeats what fails in passing, with growing pauses, for a limited time.
///
/// - Parameters:
///   - limit: how long to try again; the last attempt may take longer.
///   - body: what a repeat must not harm.
/// - Throws: the last error of the body, or the first that does not pass; `CancellationError`.
package func repeatingPassing<Value>(
    for limit: Duration = .seconds(60), _ body: () async throws -> Value
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    var backoff = Backoff(from: .milliseconds(50), to: .seconds(2))
    while true {
        do {
            return try await body()
        } catch  where FailureCategory(of: error).isPassing && ContinuousClock.now < deadline {
            try await Task.sleep(for: backoff.next())
        }
    }
}

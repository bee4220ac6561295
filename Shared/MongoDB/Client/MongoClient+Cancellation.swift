// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension MongoClient {
    @TaskLocal static var ignoresCancellation = false

    /// Runs operations that go on although the task is cancelled: for one who does what others depend on, too. They still
    /// end by their time limits.
    ///
    /// - Parameter body: what a cancellation does not touch, as far as it consists of operations of any client.
    package static func withoutCancellation<R>(
        _ body: () async throws -> R
    ) async rethrows -> R {
        try await $ignoresCancellation.withValue(true) { try await body() }
    }
}

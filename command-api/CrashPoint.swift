// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#if DEBUG
import CQRS
import Configuration
import ServiceKit
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where this process kills itself, so that tests can see what a crash in the worst moment leaves behind. Debug builds
/// only.
///
/// `CRASH_AFTER=<step>` or `CRASH_AFTER=<step>:<n>`: SIGKILL after the first, or the n-th, such ``OutboxStep``.
final class CrashPoint: Sendable {
    let step: OutboxStep
    let count: Int
    private let passed = Atomic<Int>(0)

    /// - Returns: `nil` when the variable is not set.
    /// - Throws: ``ConfigurationError``.
    init?(reader: ConfigReader) throws(ConfigurationError) {
        let text = try reader.text("crashAfter", default: "")
        guard !text.isEmpty else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let step = OutboxStep(rawValue: String(parts[0])), parts.count <= 2,
            let count = parts.count == 2 ? Int(parts[1]) : 1, count > 0
        else {
            let steps = OutboxStep.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError(
                name: "CRASH_AFTER", problem: "is \"\(text.prefix(64))\", but must be one of \(steps), and :n")
        }
        self.step = step
        self.count = count
    }

    /// Does not return from the step that is the last.
    func pass(_ step: OutboxStep) {
        guard step == self.step, passed.add(1, ordering: .relaxed).newValue == count else { return }
        kill(getpid(), SIGKILL)
    }
}
#endif

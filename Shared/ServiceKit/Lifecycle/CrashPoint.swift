// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#if DEBUG
public import Configuration
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Where this process kills itself, so that tests can see what a crash in the worst moment leaves behind. Debug builds
/// only.
///
/// `CRASH_AFTER=<step>` or `CRASH_AFTER=<step>:<n>`: SIGKILL after the first, or the n-th, such step.
public final class CrashPoint<Step: RawRepresentable<String> & CaseIterable & Sendable>: Sendable {
    /// The last step.
    public let step: Step
    /// How many of them.
    public let count: Int
    private let passed = Atomic<Int>(0)

    /// Reads the variable.
    ///
    /// - Returns: `nil` when it is not set.
    /// - Throws: ``ConfigurationError``.
    public init?(reader: ConfigReader) throws(ConfigurationError) {
        let text = try reader.text("crashAfter", default: "")
        guard !text.isEmpty else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let step = Step(rawValue: String(parts[0])), parts.count <= 2,
            let count = parts.count == 2 ? Int(parts[1]) : 1, count > 0
        else {
            let steps = Step.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError(
                name: "CRASH_AFTER", problem: "is \"\(text.prefix(64))\", but must be one of \(steps), and :n")
        }
        self.step = step
        self.count = count
    }

    /// Does not return from the step that is the last.
    public func pass(_ step: Step) {
        guard step.rawValue == self.step.rawValue, passed.add(1, ordering: .relaxed).newValue == count else { return }
        kill(getpid(), SIGKILL)
    }
}
#endif

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// One dependency of a service, such as `mongodb`.
public struct ReadinessCheck: Sendable {
    /// What a dependency means for its service.
    public enum Kind: Sendable {
        /// Without it the service cannot take requests.
        case required
        /// The service goes on without it: it is reported, and does not decide.
        case informational
    }

    /// The dependency's name in the answer of `/ready`.
    public let name: String
    /// What it means for the service.
    public let kind: Kind
    /// Asks the dependency. Must end soon after it is cancelled, which happens after the time limit.
    public let check: @Sendable () async -> Readiness

    /// Declares a dependency.
    public init(_ name: String, _ kind: Kind = .required, check: @escaping @Sendable () async -> Readiness) {
        self.name = name
        self.kind = kind
        self.check = check
    }

    /// Asks, for at most `timeout`.
    func result(within timeout: Duration) async -> HealthReport.Dependency {
        let start = ContinuousClock.now
        let readiness = await withTaskGroup(of: Readiness?.self) { group in
            group.addTask { await check() }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return Task.isCancelled ? nil : .notReady("no answer in time")
            }
            defer { group.cancelAll() }
            for await readiness in group { if let readiness { return readiness } }
            return .notReady("no answer in time")
        }
        return .init(name: name, kind: kind, readiness: readiness, duration: ContinuousClock.now - start)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization

/// The health of a service: what it depends on, and whether it is being stopped.
public final class Health: Sendable {
    private let checks: [ReadinessCheck]
    private let timeout: Duration
    private let draining = Atomic<Bool>(false)

    /// Declares the dependencies.
    ///
    /// - Parameter timeout: how long each may take to answer; all are asked at the same time.
    public init(_ checks: [ReadinessCheck], timeout: Duration = .seconds(2)) {
        self.checks = checks
        self.timeout = timeout
    }

    /// Whether ``beginDraining()`` was called.
    public var isDraining: Bool { draining.load(ordering: .acquiring) }

    /// From now on the service is not ready: it finishes what it has and takes nothing new.
    public func beginDraining() { draining.store(true, ordering: .releasing) }

    /// Asks every dependency. Ends within the time limit, and at once while draining.
    public func report() async -> HealthReport {
        guard !isDraining else { return HealthReport(isDraining: true, dependencies: []) }
        let timeout = timeout
        let results = await withTaskGroup(of: (Int, HealthReport.Dependency).self) { group in
            for (index, check) in checks.enumerated() {
                group.addTask { (index, await check.result(within: timeout)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return HealthReport(
            isDraining: isDraining, dependencies: results.sorted { $0.0 < $1.0 }.map { $0.1 })
    }
}

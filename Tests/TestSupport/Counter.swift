// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// A number that many tasks count up.
public final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    /// A counter at 0.
    public init() {}

    /// The number so far.
    public var value: Int { number.load(ordering: .acquiring) }

    /// Counts up.
    ///
    /// - Returns: the new number.
    @discardableResult
    public func add(_ count: Int = 1) -> Int { number.add(count, ordering: .acquiringAndReleasing).newValue }

    /// Counts down.
    public func subtract(_ count: Int = 1) { number.subtract(count, ordering: .acquiringAndReleasing) }

    /// Makes it at least `least`.
    public func raise(to least: Int) { number.max(least, ordering: .acquiringAndReleasing) }
}

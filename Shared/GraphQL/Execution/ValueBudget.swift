// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// How many values an answer may yet have.
final class ValueBudget: Sendable {
    private let left: Mutex<Int>

    init(_ limit: Int) { left = Mutex(limit) }

    /// Takes values; returns `false`, from then on, once there are not so many.
    func spend(_ count: Int) -> Bool {
        left.withLock { left in
            left = left < count ? -1 : left - count
            return left >= 0
        }
    }

    var isExceeded: Bool { left.withLock { $0 < 0 } }
}

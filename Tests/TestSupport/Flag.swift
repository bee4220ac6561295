// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// Something that happens once.
public final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    /// It has not happened yet.
    public init() {}

    /// Whether it has happened.
    public var isSet: Bool { value.load(ordering: .acquiring) }

    /// It happens.
    public func set() { value.store(true, ordering: .releasing) }
}

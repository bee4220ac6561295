// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// A list that many tasks add to.
public final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    /// An empty list.
    public init() {}

    /// What was added so far.
    public var all: [Element] { elements.withLock { $0 } }

    /// Adds to the end.
    public func add(_ element: Element) { elements.withLock { $0.append(element) } }
}

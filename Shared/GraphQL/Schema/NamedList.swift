// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What has a name among its like.
package protocol Named: Sendable {
    var name: String { get }
}

/// Elements in their order, found by their names.
package struct NamedList<Element: Named>: Sendable {
    package private(set) var elements: [Element] = []
    private var indexes: [String: Int] = [:]

    init(_ elements: [Element] = []) {
        for element in elements { append(element) }
    }

    subscript(name: String) -> Element? { indexes[name].map { elements[$0] } }

    var isEmpty: Bool { elements.isEmpty }

    /// Adds an element; returns `false`, and adds nothing, when the name is there already.
    @discardableResult
    mutating func append(_ element: Element) -> Bool {
        guard indexes[element.name] == nil else { return false }
        indexes[element.name] = elements.count
        elements.append(element)
        return true
    }
}

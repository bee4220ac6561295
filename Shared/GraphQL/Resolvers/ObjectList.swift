// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Objects of one type of Swift.
protocol ObjectList: Sendable {
    var count: Int { get }
}

struct Objects<Element: Sendable>: ObjectList {
    let elements: [Element]

    var count: Int { elements.count }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Objects of one type of Swift, which is known.
struct Objects<Element: Sendable>: ObjectList {
    let elements: [Element]

    var count: Int { elements.count }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What is asked for of an object (section 2.4).
struct SelectionSet: Sendable {
    let selections: [Selection]
    /// The offset of the brace: different for each set of a document.
    let offset: Int
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A directive where it is applied (section 2.12).
struct Directive: Sendable {
    let name: Name
    let arguments: [Argument]
    /// The offset of the `@`.
    let offset: Int
}

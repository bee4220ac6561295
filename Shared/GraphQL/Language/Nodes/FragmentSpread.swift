// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Where a named fragment is used (section 2.8).
struct FragmentSpread: Sendable {
    let name: Name
    let directives: [Directive]
    /// The offset of the points.
    let offset: Int
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An argument of a field or directive (section 2.6).
struct Argument: Sendable {
    let name: Name
    let value: ValueNode
}

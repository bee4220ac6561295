// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A variable of an operation (section 2.10).
struct VariableDefinition: Sendable {
    let name: Name
    let type: TypeNode
    let defaultValue: ValueNode?
    let directives: [Directive]
    let offset: Int
}

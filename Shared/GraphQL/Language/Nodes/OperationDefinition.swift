// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An operation (section 2.3).
final class OperationDefinition: Sendable {
    let kind: OperationKind
    let name: Name?
    let variables: [VariableDefinition]
    let directives: [Directive]
    let selectionSet: SelectionSet
    let offset: Int

    init(
        kind: OperationKind, name: Name?, variables: [VariableDefinition], directives: [Directive],
        selectionSet: SelectionSet, offset: Int
    ) {
        self.kind = kind
        self.name = name
        self.variables = variables
        self.directives = directives
        self.selectionSet = selectionSet
        self.offset = offset
    }
}

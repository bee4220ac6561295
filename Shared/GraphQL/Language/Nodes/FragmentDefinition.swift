// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A named fragment (section 2.8).
final class FragmentDefinition: Sendable {
    let name: Name
    let typeCondition: Name
    let directives: [Directive]
    let selectionSet: SelectionSet
    let offset: Int

    init(name: Name, typeCondition: Name, directives: [Directive], selectionSet: SelectionSet, offset: Int) {
        self.name = name
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.offset = offset
    }
}

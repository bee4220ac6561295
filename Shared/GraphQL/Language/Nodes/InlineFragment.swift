// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A fragment without a name, where it is used (section 2.8.2).
final class InlineFragment: Sendable {
    let typeCondition: Name?
    let directives: [Directive]
    let selectionSet: SelectionSet
    let offset: Int

    init(typeCondition: Name?, directives: [Directive], selectionSet: SelectionSet, offset: Int) {
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.offset = offset
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A field that is asked for (section 2.5).
final class Field: Sendable {
    let alias: Name?
    let name: Name
    let arguments: [Argument]
    let directives: [Directive]
    let selectionSet: SelectionSet?

    init(alias: Name?, name: Name, arguments: [Argument], directives: [Directive], selectionSet: SelectionSet?) {
        self.alias = alias
        self.name = name
        self.arguments = arguments
        self.directives = directives
        self.selectionSet = selectionSet
    }

    var offset: Int { (alias ?? name).offset }

    /// Under which the answer has the field's value (section 2.7).
    var responseName: String { (alias ?? name).text }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A part of a selection set.
enum Selection: Sendable {
    case field(Field)
    case spread(FragmentSpread)
    case inline(InlineFragment)

    var directives: [Directive] {
        switch self {
        case .field(let field): field.directives
        case .spread(let spread): spread.directives
        case .inline(let fragment): fragment.directives
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A lexical token (section 2.1.6); comments are none, since the grammar ignores them.
struct Token: Sendable {
    enum Kind: Sendable {
        case end, bang, dollar, ampersand, parenthesisLeft, parenthesisRight, spread, colon, equals, at
        case bracketLeft, bracketRight, braceLeft, pipe, braceRight, name, int, float, string, blockString
    }

    let kind: Kind
    /// The offset of the first byte.
    let start: Int
    /// The offset behind the last byte.
    let end: Int
    /// What a string stands for, escapes resolved; empty for other kinds.
    var value = ""
}

extension Token.Kind {
    /// The kind as an error says it.
    var description: String {
        switch self {
        case .end: "the end of the document"
        case .bang: "\"!\""
        case .dollar: "\"$\""
        case .ampersand: "\"&\""
        case .parenthesisLeft: "\"(\""
        case .parenthesisRight: "\")\""
        case .spread: "\"...\""
        case .colon: "\":\""
        case .equals: "\"=\""
        case .at: "\"@\""
        case .bracketLeft: "\"[\""
        case .bracketRight: "\"]\""
        case .braceLeft: "\"{\""
        case .pipe: "\"|\""
        case .braceRight: "\"}\""
        case .name: "a name"
        case .int: "an integer"
        case .float: "a float"
        case .string: "a string"
        case .blockString: "a block string"
        }
    }
}

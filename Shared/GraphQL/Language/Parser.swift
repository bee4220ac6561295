// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A recursive descent over the tokens, with one token of look-ahead (appendix C). Limits bound text, tokens and stack.
struct Parser {
    let source: SourceText
    let limits: DocumentLimits
    var lexer: Lexer
    var current: Token
    private var tokens = 0
    private var nesting = 0

    /// Reads a whole document.
    static func parse(_ text: String, limits: DocumentLimits) throws(GraphQLError) -> Document {
        guard text.utf8.count <= limits.bytes else { throw limits.error(.bytes) }
        var parser = try Parser(SourceText(text), limits: limits)
        var definitions: [Definition] = []
        repeat { definitions.append(try parser.definition()) } while parser.current.kind != .end
        return Document(source: parser.source, definitions: definitions)
    }

    private init(_ source: SourceText, limits: DocumentLimits) throws(GraphQLError) {
        self.source = source
        self.limits = limits
        lexer = Lexer(source)
        current = Token(kind: .end, start: 0, end: 0)
        try advance()
    }

    /// A document's definition. A description is read ahead of what it describes.
    private mutating func definition() throws(GraphQLError) -> Definition {
        let start = current.start
        let description = try self.description()
        guard current.kind == .name else {
            guard current.kind == .braceLeft else { throw unexpected() }
            guard description == nil else { throw error("A query shorthand has no description.", at: start) }
            return .operation(try operation(from: start))
        }
        switch text(of: current) {
        case "query", "mutation", "subscription": return .operation(try operation(from: start))
        case "fragment": return .fragment(try fragment(from: start))
        default: return .typeSystem(try typeSystemDefinition(from: start, description: description))
        }
    }

    // MARK: Tokens

    @discardableResult
    mutating func advance() throws(GraphQLError) -> Token {
        let token = current
        current = try lexer.next()
        if current.kind != .end {
            tokens += 1
            guard tokens <= limits.tokens else { throw limits.error(.tokens, at: current.start, in: source) }
        }
        return token
    }

    mutating func expect(_ kind: Token.Kind) throws(GraphQLError) -> Token {
        guard current.kind == kind else {
            throw error("Expected \(kind.description), found \(found).", at: current.start)
        }
        return try advance()
    }

    /// Passes by a token if it is of this kind.
    mutating func skip(_ kind: Token.Kind) throws(GraphQLError) -> Bool {
        guard current.kind == kind else { return false }
        try advance()
        return true
    }

    func isKeyword(_ word: String) -> Bool { current.kind == .name && text(of: current) == word }

    mutating func expectKeyword(_ word: String) throws(GraphQLError) {
        guard isKeyword(word) else { throw error("Expected \"\(word)\", found \(found).", at: current.start) }
        try advance()
    }

    mutating func skipKeyword(_ word: String) throws(GraphQLError) -> Bool {
        guard isKeyword(word) else { return false }
        try advance()
        return true
    }

    mutating func name() throws(GraphQLError) -> Name {
        let token = try expect(.name)
        return Name(text: text(of: token), offset: token.start)
    }

    func text(of token: Token) -> String {
        String(decoding: source.bytes[token.start..<token.end], as: UTF8.self)
    }

    mutating func description() throws(GraphQLError) -> String? {
        guard current.kind == .string || current.kind == .blockString else { return nil }
        return try advance().value
    }

    // MARK: Lists

    /// One or more items between two tokens.
    mutating func many<Item>(
        _ open: Token.Kind, _ close: Token.Kind, _ item: (inout Parser) throws(GraphQLError) -> Item
    ) throws(GraphQLError) -> [Item] {
        _ = try expect(open)
        var items: [Item] = []
        repeat { items.append(try item(&self)) } while try !skip(close)
        return items
    }

    /// Nothing, or one or more items between two tokens.
    mutating func optionalMany<Item>(
        _ open: Token.Kind, _ close: Token.Kind, _ item: (inout Parser) throws(GraphQLError) -> Item
    ) throws(GraphQLError) -> [Item] {
        current.kind == open ? try many(open, close, item) : []
    }

    /// Items with a token between each two, and one ahead of the first if the author likes.
    mutating func separated<Item>(
        by separator: Token.Kind, _ item: (inout Parser) throws(GraphQLError) -> Item
    ) throws(GraphQLError) -> [Item] {
        _ = try skip(separator)
        var items: [Item] = []
        repeat { items.append(try item(&self)) } while try skip(separator)
        return items
    }

    /// Does what opens one more level: the limit is what bounds the stack, here and in everything that follows a document.
    mutating func nested<Result>(
        _ body: (inout Parser) throws(GraphQLError) -> Result
    ) throws(GraphQLError) -> Result {
        nesting += 1
        guard nesting <= limits.nesting else { throw limits.error(.nesting, at: current.start, in: source) }
        let result = try body(&self)
        nesting -= 1
        return result
    }

    // MARK: Errors

    func error(_ message: String, at offset: Int) -> GraphQLError { lexer.error(message, at: offset) }

    func unexpected() -> GraphQLError { error("Unexpected \(found).", at: current.start) }

    /// What stands there. Of strings only that they are: they may hold what nobody else should read.
    private var found: String {
        current.kind == .name ? "\"\(text(of: current))\"" : current.kind.description
    }
}

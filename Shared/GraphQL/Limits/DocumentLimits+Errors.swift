// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension DocumentLimits {
    func error(_ quantity: LimitedQuantity) -> GraphQLError { GraphQLError(.limit(quantity), message(quantity)) }

    func error(_ quantity: LimitedQuantity, at offset: Int, in source: SourceText) -> GraphQLError {
        GraphQLError(.limit(quantity), message(quantity), at: [offset], in: source)
    }

    private func message(_ quantity: LimitedQuantity) -> String {
        switch quantity {
        case .bytes: "The document is longer than \(bytes) bytes."
        case .tokens: "The document has more than \(tokens) tokens."
        case .nesting: "The document is nested more than \(nesting) levels deep."
        case .depth: "Fields are nested more than \(depth) levels deep."
        case .fields: "An operation selects more than \(fields) fields."
        case .aliases: "An operation has more than \(aliases) aliases."
        case .directives: "The document has more than \(directives) directives."
        case .comparisons: "Too many fields share their names in the answer."
        }
    }
}

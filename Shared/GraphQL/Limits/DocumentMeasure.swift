// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Measures what a document asks for, with fragments where they are spread, against the limits.
///
/// Each fragment is measured once, so fragments that spread each other twice and twice again cost nothing. Afterwards it is known
/// that nothing that follows the document recurses deeper than ``DocumentLimits/nesting``.
struct DocumentMeasure {
    /// What a selection set comes to.
    private struct Size {
        var nesting = 0
        var depth = 0
        var fields = 0
        var aliases = 0
    }

    private let document: Document
    private let limits: DocumentLimits
    private let fragments: [String: FragmentDefinition]
    private var sizes: [String: Size] = [:]
    /// The fragments being measured. One that is spread in itself is another rule's matter.
    private var open: Set<String> = []
    private var directives = 0

    static func check(_ document: Document, limits: DocumentLimits) throws(GraphQLError) {
        var measure = DocumentMeasure(document: document, limits: limits)
        for fragment in document.fragments {
            try measure.count(fragment.directives)
            _ = try measure.size(of: fragment, level: 1)
        }
        for operation in document.operations {
            try measure.count(operation.directives)
            for variable in operation.variables { try measure.count(variable.directives) }
            let size = try measure.size(of: operation.selectionSet, level: 1)
            // Not before: a fragment may be introspection's, and that shows only where it is spread.
            guard size.depth <= limits.depth else { throw measure.error(.depth, operation.selectionSet) }
        }
    }

    private init(document: Document, limits: DocumentLimits) {
        self.document = document
        self.limits = limits
        fragments = Dictionary(document.fragments.map { ($0.name.text, $0) }, uniquingKeysWith: { $1 })
    }

    private mutating func size(of fragment: FragmentDefinition, level: Int) throws(GraphQLError) -> Size {
        let name = fragment.name.text
        if let size = sizes[name] { return size }
        guard open.insert(name).inserted else { return Size() }
        let size = try size(of: fragment.selectionSet, level: level)
        open.remove(name)
        sizes[name] = size
        return size
    }

    private mutating func size(of set: SelectionSet, level: Int) throws(GraphQLError) -> Size {
        guard level <= limits.nesting else { throw error(.nesting, set) }
        var total = Size(nesting: 1)
        for selection in set.selections {
            try count(selection.directives)
            var part = Size()
            switch selection {
            case .field(let field):
                if let set = field.selectionSet { part = try size(of: set, level: level + 1) }
                // What a tool asks to know a schema is as deep as its types are.
                part.depth = field.name.text == "__schema" || field.name.text == "__type" ? 1 : part.depth + 1
                part.fields += 1
                if field.alias != nil { part.aliases += 1 }
            case .inline(let fragment):
                part = try size(of: fragment.selectionSet, level: level + 1)
            case .spread(let spread):
                if let fragment = fragments[spread.name.text] { part = try size(of: fragment, level: level + 1) }
            }
            total.nesting = max(total.nesting, part.nesting + 1)
            total.depth = max(total.depth, part.depth)
            total.fields += part.fields
            total.aliases += part.aliases
            guard total.fields <= limits.fields else { throw error(.fields, set) }
            guard total.aliases <= limits.aliases else { throw error(.aliases, set) }
        }
        guard level - 1 + total.nesting <= limits.nesting else { throw error(.nesting, set) }
        return total
    }

    private mutating func count(_ more: [Directive]) throws(GraphQLError) {
        directives += more.count
        guard directives <= limits.directives else {
            throw limits.error(.directives, at: more.last?.offset ?? 0, in: document.source)
        }
    }

    private func error(_ quantity: LimitedQuantity, _ set: SelectionSet) -> GraphQLError {
        limits.error(quantity, at: set.offset, in: document.source)
    }
}

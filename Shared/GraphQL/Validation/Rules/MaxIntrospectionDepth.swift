// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Introspection's lists of a list of a list: a schema answers them with a text that grows by its size at each step. Tools do not
/// need them; graphql.js refuses the same.
enum MaxIntrospectionDepth: ValidationRule {
    static let name = ValidationRuleName.maxIntrospectionDepth

    private static let lists: Set<String> = ["fields", "interfaces", "possibleTypes", "inputFields"]
    private static let limit = 3

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        var search = Search(facts: facts)
        for use in facts.fields where use.field.name.text == "__schema" || use.field.name.text == "__type" {
            guard let set = use.field.selectionSet, search.depth(of: set) >= limit else { continue }
            report.add("Introspection is nested too deeply.", at: use.field.offset)
        }
    }

    private struct Search {
        let facts: DocumentFacts
        private var depths: [String: Int] = [:]

        init(facts: DocumentFacts) { self.facts = facts }

        /// How many lists stand in each other at most.
        mutating func depth(of set: SelectionSet) -> Int {
            var deepest = 0
            for selection in set.selections {
                switch selection {
                case .field(let field):
                    let own = lists.contains(field.name.text) ? 1 : 0
                    deepest = max(deepest, own + (field.selectionSet.map { depth(of: $0) } ?? 0))
                case .inline(let fragment):
                    deepest = max(deepest, depth(of: fragment.selectionSet))
                case .spread(let spread):
                    deepest = max(deepest, depth(ofFragment: spread.name.text))
                }
            }
            return deepest
        }

        private mutating func depth(ofFragment name: String) -> Int {
            if let depth = depths[name] { return depth }
            // What is spread in itself counts once.
            depths[name] = 0
            let found = facts.fragment(name).map { depth(of: $0.selectionSet) } ?? 0
            depths[name] = found
            return found
        }
    }
}

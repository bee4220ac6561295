// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The fields of a selection set by their response names, inline fragments included, and the fragments that it spreads.
struct CollectedFields {
    struct Entry {
        let parent: TypeDefinition?
        let field: Field
        let definition: FieldDefinition?
    }

    /// Response names in the order of the document.
    private(set) var names: [String] = []
    private(set) var groups: [String: [Entry]] = [:]
    /// Indexes of fragments, each once.
    private(set) var fragments: [Int] = []

    var isEmpty: Bool { names.isEmpty }

    init(_ set: SelectionSet, of parent: TypeDefinition?, _ facts: DocumentFacts) { add(set, of: parent, facts) }

    private mutating func add(_ set: SelectionSet, of parent: TypeDefinition?, _ facts: DocumentFacts) {
        for selection in set.selections {
            switch selection {
            case .field(let field):
                let name = field.responseName
                if groups[name] == nil { names.append(name) }
                groups[name, default: []].append(
                    Entry(parent: parent, field: field, definition: parent?.fields[field.name.text]))
            case .inline(let fragment):
                let type = fragment.typeCondition.map { facts.schema.types[$0.text] } ?? parent
                add(fragment.selectionSet, of: type, facts)
            case .spread(let spread):
                guard let index = facts.fragmentIndexes[spread.name.text], !fragments.contains(index) else { continue }
                fragments.append(index)
            }
        }
    }
}

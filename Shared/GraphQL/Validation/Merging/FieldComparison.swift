// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Compares fields that share a response name, in a selection set and in the fragments that it spreads.
struct FieldComparison {
    private struct Key: Hashable {
        let parent: String?
        let offset: Int
    }

    /// How deep comparisons may go into each other: twice as deep as a document of any size needs. Only fragments that are
    /// spread in themselves lead further.
    private static let depthLimit = 512

    private let facts: DocumentFacts
    private let limits: DocumentLimits
    /// How many conflicts are gathered in one place. A document of a few lines has a hundred thousand.
    private let conflictLimit: Int
    /// Sets with their fields; others refer to them by index.
    private var sets: [CollectedFields] = []
    private var indexes: [Key: Int] = [:]
    private var fieldsWithFragments = ComparedPairs()
    private var fragmentsWithFragments = ComparedPairs()
    private var comparisons = 0
    private var depth = 0

    init(facts: DocumentFacts, limits: DocumentLimits) {
        self.facts = facts
        self.limits = limits
        conflictLimit = max(limits.errors, FieldConflict.countLimit)
    }

    mutating func conflicts(in use: SelectionSetUse) throws(GraphQLError) -> [FieldConflict] {
        var found: [FieldConflict] = []
        let set = collect(use.set, of: use.parent)
        for name in sets[set].names {
            let entries = sets[set].groups[name] ?? []
            for (index, first) in entries.enumerated() {
                for second in entries.dropFirst(index + 1) where found.count < conflictLimit {
                    if let conflict = try conflict(name, first, second, exclusive: false) { found.append(conflict) }
                }
            }
        }
        let fragments = sets[set].fragments
        for (index, fragment) in fragments.enumerated() {
            try compare(set, withFragment: fragment, exclusive: false, &found)
            for other in fragments.dropFirst(index + 1) {
                try compare(fragment: fragment, with: other, exclusive: false, &found)
            }
        }
        return found
    }

    // MARK: Sets and fragments

    private mutating func compare(
        _ set: Int, withFragment fragment: Int, exclusive: Bool, _ found: inout [FieldConflict]
    ) throws(GraphQLError) {
        try spend()
        guard !sets[set].isEmpty, fieldsWithFragments.insert(set, fragment, exclusive: exclusive) else { return }
        let other = collect(fragment: fragment)
        guard set != other else { return }
        depth += 1
        defer { depth -= 1 }
        try compare(set, with: other, exclusive: exclusive, &found)
        for next in sets[other].fragments { try compare(set, withFragment: next, exclusive: exclusive, &found) }
    }

    private mutating func compare(
        fragment first: Int, with second: Int, exclusive: Bool, _ found: inout [FieldConflict]
    ) throws(GraphQLError) {
        try spend()
        guard first != second,
            fragmentsWithFragments.insert(min(first, second), max(first, second), exclusive: exclusive)
        else { return }
        depth += 1
        defer { depth -= 1 }
        let (a, b) = (collect(fragment: first), collect(fragment: second))
        try compare(a, with: b, exclusive: exclusive, &found)
        for next in sets[b].fragments { try compare(fragment: first, with: next, exclusive: exclusive, &found) }
        for next in sets[a].fragments { try compare(fragment: next, with: second, exclusive: exclusive, &found) }
    }

    private mutating func compare(
        _ first: Int, with second: Int, exclusive: Bool, _ found: inout [FieldConflict]
    ) throws(GraphQLError) {
        for name in sets[first].names {
            guard let others = sets[second].groups[name] else { continue }
            for a in sets[first].groups[name] ?? [] {
                for b in others where found.count < conflictLimit {
                    if let conflict = try conflict(name, a, b, exclusive: exclusive) { found.append(conflict) }
                }
            }
        }
    }

    // MARK: Fields

    private mutating func conflict(
        _ name: String, _ a: CollectedFields.Entry, _ b: CollectedFields.Entry, exclusive: Bool
    ) throws(GraphQLError) -> FieldConflict? {
        try spend()
        // Of two object types at most one is the object's, so only the shape of the answer has to be the same.
        let exclusive =
            exclusive
            || a.parent?.name != b.parent?.name && a.parent?.kind == .object && b.parent?.kind == .object
        if !exclusive {
            guard a.field.name.text == b.field.name.text else {
                return FieldConflict(
                    name, "\"\(a.field.name.text)\" and \"\(b.field.name.text)\" are different fields", a.field, b.field
                )
            }
            guard a.field.arguments.isSame(as: b.field.arguments) else {
                return FieldConflict(name, "their arguments differ", a.field, b.field)
            }
        }
        if let first = a.definition?.type, let second = b.definition?.type, differInShape(first, second) {
            return FieldConflict(name, "their types \(first) and \(second) differ", a.field, b.field)
        }
        guard let firstSet = a.field.selectionSet, let secondSet = b.field.selectionSet else { return nil }
        depth += 1
        defer { depth -= 1 }
        let first = collect(firstSet, of: a.definition.flatMap { facts.schema.type($0.type) })
        let second = collect(secondSet, of: b.definition.flatMap { facts.schema.type($0.type) })
        var inside: [FieldConflict] = []
        try compare(first, with: second, exclusive: exclusive, &inside)
        for fragment in sets[second].fragments {
            try compare(first, withFragment: fragment, exclusive: exclusive, &inside)
        }
        for fragment in sets[first].fragments {
            try compare(second, withFragment: fragment, exclusive: exclusive, &inside)
        }
        for fragment in sets[first].fragments {
            for other in sets[second].fragments {
                try compare(fragment: fragment, with: other, exclusive: exclusive, &inside)
            }
        }
        return FieldConflict(name, inside: inside, a.field, b.field)
    }

    /// SameResponseShape, as far as it is about two types.
    private func differInShape(_ a: TypeReference, _ b: TypeReference) -> Bool {
        switch (a, b) {
        case (.list(let a), .list(let b)), (.nonNull(let a), .nonNull(let b)): return differInShape(a, b)
        case (.named(let a), .named(let b)):
            guard a != b, let first = facts.schema.types[a], let second = facts.schema.types[b] else { return false }
            return first.kind.isLeaf || second.kind.isLeaf
        default: return true
        }
    }

    // MARK: Collecting

    private mutating func collect(_ set: SelectionSet, of parent: TypeDefinition?) -> Int {
        let key = Key(parent: parent?.name, offset: set.offset)
        if let index = indexes[key] { return index }
        indexes[key] = sets.count
        sets.append(CollectedFields(set, of: parent, facts))
        return sets.count - 1
    }

    private mutating func collect(fragment: Int) -> Int {
        let definition = facts.fragments[fragment]
        return collect(definition.selectionSet, of: facts.schema.types[definition.typeCondition.text])
    }

    private mutating func spend() throws(GraphQLError) {
        comparisons += 1
        guard comparisons <= limits.comparisons, depth <= Self.depthLimit else { throw limits.error(.comparisons) }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// All of a document that rules look at, in flat lists with the types of the schema beside it: found in one walk, so that a rule
/// is a loop over one of them.
struct DocumentFacts {
    let document: Document
    let schema: Schema
    let operations: [OperationDefinition]
    let fragments: [FragmentDefinition]
    /// Where in ``fragments`` a name is; of two with one name the last.
    let fragmentIndexes: [String: Int]

    var fields: [FieldUse] = []
    var selectionSets: [SelectionSetUse] = []
    var inlineFragments: [InlineFragmentUse] = []
    var spreads: [SpreadUse] = []
    var directives: [DirectiveUse] = []
    /// The directives of each place that has any.
    var directiveLists: [[Directive]] = []
    /// The arguments of each field and directive that has any.
    var argumentLists: [[Argument]] = []
    /// Arguments and defaults of which the type is known.
    var values: [ValueUse] = []
    /// The fields of each input object.
    var objectValues: [[ValueNode.ObjectField]] = []
    /// Types that the document names.
    var typeNames: [Name] = []
    /// For each of ``operations``, what is used in it.
    var operationScopes: [ScopeFacts] = []
    /// For each of ``fragments``, what is used in it.
    var fragmentScopes: [ScopeFacts] = []

    init(_ document: Document, schema: Schema) {
        self.document = document
        self.schema = schema
        operations = document.operations
        fragments = document.fragments
        fragmentIndexes = Dictionary(
            fragments.enumerated().map { ($1.name.text, $0) }, uniquingKeysWith: { $1 })
        walk()
    }

    func fragment(_ name: String) -> FragmentDefinition? { fragmentIndexes[name].map { fragments[$0] } }

    /// The composite type of that name.
    func composite(_ name: Name) -> TypeDefinition? {
        schema.types[name.text].flatMap { $0.kind.isComposite ? $0 : nil }
    }

    /// The fragments that are spread in a scope, and in those, and so on: each once, as indexes.
    func reachableFragments(from scopes: [ScopeFacts]) -> [Int] {
        var found: [Int] = []
        var seen: Set<Int> = []
        func add(_ scope: ScopeFacts) {
            for spread in scope.spreads {
                if let index = fragmentIndexes[spread.name.text], seen.insert(index).inserted { found.append(index) }
            }
        }
        for scope in scopes { add(scope) }
        var next = 0
        while next < found.count {
            add(fragmentScopes[found[next]])
            next += 1
        }
        return found
    }

    /// The variables that an operation uses, in itself and in the fragments that it reaches.
    func variableUses(ofOperation index: Int) -> [VariableUse] {
        operationScopes[index].variables
            + reachableFragments(from: [operationScopes[index]]).flatMap { fragmentScopes[$0].variables }
    }
}

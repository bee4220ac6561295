// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A field with the type that it is asked of.
struct FieldUse {
    let field: Field
    /// `nil` when what stands around it makes no sense.
    let parent: TypeDefinition?
    /// `nil` when the type has no such field.
    let definition: FieldDefinition?
}

/// A selection set of a field, operation or fragment; those of inline fragments belong to the sets around them.
struct SelectionSetUse {
    let set: SelectionSet
    let parent: TypeDefinition?
}

/// An inline fragment with the type around it and its own.
struct InlineFragmentUse {
    let fragment: InlineFragment
    let parent: TypeDefinition?
    let type: TypeDefinition?
}

/// A spread with the type around it.
struct SpreadUse {
    let spread: FragmentSpread
    let parent: TypeDefinition?
}

/// A directive with its place.
struct DirectiveUse {
    let directive: Directive
    let location: DirectiveLocation
    let definition: DirectiveDefinition?
}

/// A value with the type that is expected of it.
struct ValueUse {
    let value: ValueNode
    let type: TypeReference
}

/// A variable where it is used.
struct VariableUse {
    let name: String
    let offset: Int
    /// What is expected there, if it is known.
    let type: TypeReference?
    /// Whether the place has a default.
    let hasDefault: Bool
    /// The input object of which exactly one field is given, if it is in one.
    let oneOf: TypeDefinition?
}

/// What is used in an operation or fragment.
struct ScopeFacts {
    var variables: [VariableUse] = []
    /// Sets nearer to the end come first, as reports of cycles expect.
    var spreads: [FragmentSpread] = []
}

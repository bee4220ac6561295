// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A field of the answer: all selections that share its response name.
struct CollectedField: Sendable {
    /// The response name.
    let name: String
    /// One or more; the first has the arguments, which are the same in all.
    var fields: [Field]
    let definition: FieldDefinition

    /// What is asked for of the field's objects.
    var selectionSets: [SelectionSet] { fields.compactMap(\.selectionSet) }
}

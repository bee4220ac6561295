// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.3.3: of objects fields are selected, of scalars and enums none.
enum ScalarLeafs: ValidationRule {
    static let name = ValidationRuleName.scalarLeafs

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for use in facts.fields {
            guard let definition = use.definition, let type = facts.schema.type(definition.type) else { continue }
            let name = use.field.name.text
            if let set = use.field.selectionSet, type.kind.isLeaf {
                report.add("The field \"\(name)\" of type \(definition.type) has no fields.", at: set.offset)
            } else if use.field.selectionSet == nil, !type.kind.isLeaf {
                report.add(
                    "Of the field \"\(name)\" of type \(definition.type) fields have to be selected.",
                    at: use.field.offset)
            }
        }
    }
}

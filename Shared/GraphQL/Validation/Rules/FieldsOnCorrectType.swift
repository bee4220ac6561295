// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.3.1: a type has the fields that are selected of it.
enum FieldsOnCorrectType: ValidationRule {
    static let name = ValidationRuleName.fieldsOnCorrectType

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for use in facts.fields where use.definition == nil {
            guard let parent = use.parent else { continue }
            report.add("The type \(parent.name) has no field \"\(use.field.name.text)\".", at: use.field.offset)
        }
    }
}

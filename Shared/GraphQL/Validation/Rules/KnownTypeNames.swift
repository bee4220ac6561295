// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.5.1.2: the types that a document names exist.
enum KnownTypeNames: ValidationRule {
    static let name = ValidationRuleName.knownTypeNames

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for name in facts.typeNames where facts.schema.types[name.text] == nil {
            report.add("There is no type \"\(name.text)\".", at: name.offset)
        }
    }
}

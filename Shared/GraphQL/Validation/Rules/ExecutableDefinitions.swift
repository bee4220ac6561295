// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.1.1: a document that is executed defines operations and fragments only.
enum ExecutableDefinitions: ValidationRule {
    static let name = ValidationRuleName.executableDefinitions

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for case .typeSystem(let definition) in facts.document.definitions {
            report.add("A definition of the type system cannot be executed.", at: definition.offset)
        }
    }
}

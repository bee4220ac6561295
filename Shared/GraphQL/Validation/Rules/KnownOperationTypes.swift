// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.2.1.1: the schema has a type for the operation.
enum KnownOperationTypes: ValidationRule {
    static let name = ValidationRuleName.knownOperationTypes

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for operation in facts.operations where facts.schema.root(operation.kind) == nil {
            report.add("The schema has no type for a \(operation.kind.rawValue).", at: operation.offset)
        }
    }
}

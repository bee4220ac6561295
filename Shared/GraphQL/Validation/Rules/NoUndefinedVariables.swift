// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.8.3: an operation defines the variables that are used in it and its fragments.
enum NoUndefinedVariables: ValidationRule {
    static let name = ValidationRuleName.noUndefinedVariables

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for (index, operation) in facts.operations.enumerated() {
            let defined = Set(operation.variables.map(\.name.text))
            for use in facts.variableUses(ofOperation: index) where !defined.contains(use.name) {
                report.add("The variable \"$\(use.name)\" is not defined.", at: use.offset, operation.offset)
            }
        }
    }
}

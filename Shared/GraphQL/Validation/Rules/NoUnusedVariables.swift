// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.8.4: the variables that an operation defines are used in it or its fragments.
enum NoUnusedVariables: ValidationRule {
    static let name = ValidationRuleName.noUnusedVariables

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for (index, operation) in facts.operations.enumerated() where !operation.variables.isEmpty {
            let used = Set(facts.variableUses(ofOperation: index).map(\.name))
            for variable in operation.variables where !used.contains(variable.name.text) {
                report.add("The variable \"$\(variable.name.text)\" is not used.", at: variable.offset)
            }
        }
    }
}

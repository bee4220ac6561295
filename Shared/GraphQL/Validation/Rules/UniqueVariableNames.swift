// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.8.1: no two variables of an operation have one name.
enum UniqueVariableNames: ValidationRule {
    static let name = ValidationRuleName.uniqueVariableNames

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for operation in facts.operations {
            for names in operation.variables.map(\.name).sharedNames {
                report.add("There are two variables \"$\(names[0].text)\".", at: names.map(\.offset))
            }
        }
    }
}

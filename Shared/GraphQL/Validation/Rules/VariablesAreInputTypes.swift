// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.8.2: a variable has a type that can come with a request.
enum VariablesAreInputTypes: ValidationRule {
    static let name = ValidationRuleName.variablesAreInputTypes

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for variable in facts.operations.flatMap(\.variables) {
            guard let type = facts.schema.types[variable.type.name.text], !type.kind.isInput else { continue }
            report.add(
                "The variable \"$\(variable.name.text)\" cannot be of type \"\(type.name)\", which is for answers only.",
                at: variable.type.offset)
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.6.1, 5.6.2 and 5.6.4: values are of the types that arguments and variables have.
enum ValuesOfCorrectType: ValidationRule {
    static let name = ValidationRuleName.valuesOfCorrectType

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for use in facts.values {
            var coercion = LiteralCoercion(schema: facts.schema)
            _ = coercion.coerce(use.value, to: use.type)
            for problem in coercion.problems { report.add(problem.message, at: problem.offset) }
        }
    }
}

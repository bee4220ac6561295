// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.4.3: arguments are given that are non-null and have no default.
enum ProvidedRequiredArguments: ValidationRule {
    static let name = ValidationRuleName.providedRequiredArguments

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for use in facts.fields {
            guard let definition = use.definition else { continue }
            check(
                use.field.arguments, definition.arguments, "The field \"\(definition.name)\"", at: use.field.offset,
                &report)
        }
        for use in facts.directives {
            guard let definition = use.definition else { continue }
            check(
                use.directive.arguments, definition.arguments, "The directive \"@\(definition.name)\"",
                at: use.directive.offset, &report)
        }
    }

    private static func check(
        _ arguments: [Argument], _ inputs: NamedList<InputValueDefinition>, _ owner: String, at offset: Int,
        _ report: inout ValidationReport
    ) {
        for input in inputs.elements where input.isRequired {
            guard !arguments.contains(where: { $0.name.text == input.name }) else { continue }
            report.add("\(owner) requires the argument \"\(input.name)\" of type \(input.type).", at: offset)
        }
    }
}

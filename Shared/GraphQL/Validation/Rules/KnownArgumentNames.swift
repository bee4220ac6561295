// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.4.1: fields and directives have the arguments that are given.
enum KnownArgumentNames: ValidationRule {
    static let name = ValidationRuleName.knownArgumentNames

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for use in facts.fields {
            guard let definition = use.definition else { continue }
            check(use.field.arguments, definition.arguments, "The field \"\(definition.name)\"", &report)
        }
        for use in facts.directives {
            guard let definition = use.definition else { continue }
            check(use.directive.arguments, definition.arguments, "The directive \"@\(definition.name)\"", &report)
        }
    }

    private static func check(
        _ arguments: [Argument], _ inputs: NamedList<InputValueDefinition>, _ owner: String,
        _ report: inout ValidationReport
    ) {
        for argument in arguments where inputs[argument.name.text] == nil {
            report.add("\(owner) has no argument \"\(argument.name.text)\".", at: argument.name.offset)
        }
    }
}

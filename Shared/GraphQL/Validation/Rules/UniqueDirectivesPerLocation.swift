// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.7.3: a directive stands once in a place, unless it is repeatable.
enum UniqueDirectivesPerLocation: ValidationRule {
    static let name = ValidationRuleName.uniqueDirectivesPerLocation

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for directives in facts.directiveLists {
            var seen: [String: Directive] = [:]
            for directive in directives {
                let name = directive.name.text
                guard facts.schema.directives[name]?.isRepeatable == false else { continue }
                if let first = seen[name] {
                    report.add("The directive \"@\(name)\" stands here twice.", at: first.offset, directive.offset)
                } else {
                    seen[name] = directive
                }
            }
        }
    }
}

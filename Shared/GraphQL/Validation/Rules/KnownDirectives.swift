// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.7.1 and 5.7.2: directives exist, and stand where they may.
enum KnownDirectives: ValidationRule {
    static let name = ValidationRuleName.knownDirectives

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for use in facts.directives {
            let name = use.directive.name.text
            guard let definition = use.definition else {
                report.add("There is no directive \"@\(name)\".", at: use.directive.offset)
                continue
            }
            if !definition.locations.contains(use.location) {
                report.add("The directive \"@\(name)\" cannot stand here.", at: use.directive.offset)
            }
        }
    }
}

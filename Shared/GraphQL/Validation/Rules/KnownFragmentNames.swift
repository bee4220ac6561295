// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.5.2.1: what is spread is defined.
enum KnownFragmentNames: ValidationRule {
    static let name = ValidationRuleName.knownFragmentNames

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for use in facts.spreads where facts.fragment(use.spread.name.text) == nil {
            report.add("There is no fragment \"\(use.spread.name.text)\".", at: use.spread.name.offset)
        }
    }
}

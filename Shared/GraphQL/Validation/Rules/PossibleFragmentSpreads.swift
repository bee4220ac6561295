// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.5.2.3: an object can be of both the fragment's type and the one around it.
enum PossibleFragmentSpreads: ValidationRule {
    static let name = ValidationRuleName.possibleFragmentSpreads

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for use in facts.inlineFragments {
            check(use.type, in: use.parent, at: use.fragment.offset, facts, &report)
        }
        for use in facts.spreads {
            guard let fragment = facts.fragment(use.spread.name.text) else { continue }
            check(facts.composite(fragment.typeCondition), in: use.parent, at: use.spread.offset, facts, &report)
        }
    }

    private static func check(
        _ type: TypeDefinition?, in parent: TypeDefinition?, at offset: Int, _ facts: DocumentFacts,
        _ report: inout ValidationReport
    ) {
        guard let type, let parent, !facts.schema.overlap(type, parent) else { return }
        report.add("No object of type \(parent.name) is ever of type \(type.name).", at: offset)
    }
}

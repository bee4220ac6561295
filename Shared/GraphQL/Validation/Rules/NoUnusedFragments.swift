// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.5.1.4: what is defined is spread.
enum NoUnusedFragments: ValidationRule {
    static let name = ValidationRuleName.noUnusedFragments

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        let used = Set(facts.reachableFragments(from: facts.operationScopes).map { facts.fragments[$0].name.text })
        for fragment in facts.fragments where !used.contains(fragment.name.text) {
            report.add("The fragment \"\(fragment.name.text)\" is not used.", at: fragment.offset)
        }
    }
}

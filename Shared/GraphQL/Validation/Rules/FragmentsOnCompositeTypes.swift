// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.5.1.3: only of objects, interfaces and unions fields can be selected.
enum FragmentsOnCompositeTypes: ValidationRule {
    static let name = ValidationRuleName.fragmentsOnCompositeTypes

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        let conditions =
            facts.inlineFragments.compactMap(\.fragment.typeCondition) + facts.fragments.map(\.typeCondition)
        for condition in conditions {
            guard let type = facts.schema.types[condition.text], !type.kind.isComposite else { continue }
            report.add("Of the type \"\(type.name)\" no fields can be selected.", at: condition.offset)
        }
    }
}

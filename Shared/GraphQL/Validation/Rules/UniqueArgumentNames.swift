// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.4.2: no argument is given twice.
enum UniqueArgumentNames: ValidationRule {
    static let name = ValidationRuleName.uniqueArgumentNames

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for names in facts.argumentLists.flatMap({ $0.map(\.name).sharedNames }) {
            report.add("The argument \"\(names[0].text)\" is given twice.", at: names.map(\.offset))
        }
    }
}

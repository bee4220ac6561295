// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.6.3: no field of an input object is given twice.
enum UniqueInputFieldNames: ValidationRule {
    static let name = ValidationRuleName.uniqueInputFieldNames

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for fields in facts.objectValues {
            for names in fields.map(\.name).sharedNames {
                for name in names.dropFirst() {
                    report.add("The field \"\(name.text)\" is given twice.", at: names[0].offset, name.offset)
                }
            }
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.2.2.1: no two operations have one name.
enum UniqueOperationNames: ValidationRule {
    static let name = ValidationRuleName.uniqueOperationNames

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        var seen: [String: Name] = [:]
        for name in facts.operations.compactMap(\.name) {
            if let first = seen[name.text] {
                report.add("There are two operations \"\(name.text)\".", at: first.offset, name.offset)
            } else {
                seen[name.text] = name
            }
        }
    }
}

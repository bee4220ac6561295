// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.5.1.1: no two fragments have one name.
enum UniqueFragmentNames: ValidationRule {
    static let name = ValidationRuleName.uniqueFragmentNames

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        var seen: [String: Name] = [:]
        for name in facts.fragments.map(\.name) {
            if let first = seen[name.text] {
                report.add("There are two fragments \"\(name.text)\".", at: first.offset, name.offset)
            } else {
                seen[name.text] = name
            }
        }
    }
}

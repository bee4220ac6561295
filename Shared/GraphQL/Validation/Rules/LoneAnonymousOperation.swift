// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.2.3.1: an operation without a name is the only one.
enum LoneAnonymousOperation: ValidationRule {
    static let name = ValidationRuleName.loneAnonymousOperation

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        guard facts.operations.count > 1 else { return }
        for operation in facts.operations where operation.name == nil {
            report.add("An operation without a name has to be the only one.", at: operation.offset)
        }
    }
}

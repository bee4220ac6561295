// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A rule of section 5: looks through the facts of a document and reports what it does not allow.
protocol ValidationRule: SendableMetatype {
    static var name: ValidationRuleName { get }

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport)
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.3.2: fields that share a response name can be answered as one (FieldsInSetCanMerge).
///
/// The specification's algorithm compares every field with every other, fragments spread, at each level anew. This one, which
/// graphql.js uses, compares each pair of selection sets and fragments once, and so never sees a fragment twice.
enum OverlappingFieldsCanBeMerged {
    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) throws(GraphQLError) {
        report.rule = .overlappingFieldsCanBeMerged
        var comparison = FieldComparison(facts: facts, limits: report.limits)
        for use in facts.selectionSets where !report.isFull {
            if use.set.selections.count < 2 {
                guard case .inline? = use.set.selections.first else { continue }
            }
            for conflict in try comparison.conflicts(in: use) {
                report.add(
                    "The fields \"\(conflict.name)\" cannot be one in the answer: \(conflict.reason).",
                    at: conflict.first + conflict.second)
            }
        }
    }
}

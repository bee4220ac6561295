// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Section 5: whether a document can be executed against a schema.
enum Validation {
    private static let rules: [any ValidationRule.Type] = [
        ExecutableDefinitions.self,
        KnownOperationTypes.self,
        UniqueOperationNames.self,
        LoneAnonymousOperation.self,
        SingleFieldSubscriptions.self,
        KnownTypeNames.self,
        FragmentsOnCompositeTypes.self,
        VariablesAreInputTypes.self,
        ScalarLeafs.self,
        FieldsOnCorrectType.self,
        UniqueFragmentNames.self,
        KnownFragmentNames.self,
        NoUnusedFragments.self,
        PossibleFragmentSpreads.self,
        NoFragmentCycles.self,
        UniqueVariableNames.self,
        NoUndefinedVariables.self,
        NoUnusedVariables.self,
        KnownDirectives.self,
        UniqueDirectivesPerLocation.self,
        KnownArgumentNames.self,
        UniqueArgumentNames.self,
        ValuesOfCorrectType.self,
        ProvidedRequiredArguments.self,
        VariablesInAllowedPosition.self,
        UniqueInputFieldNames.self,
        MaxIntrospectionDepth.self,
    ]

    /// The errors of all rules. The document has been measured.
    ///
    /// - Throws: when comparing fields takes more than the limit.
    static func errors(
        in document: Document, schema: Schema, limits: DocumentLimits
    ) throws(GraphQLError) -> [GraphQLError] {
        let facts = DocumentFacts(document, schema: schema)
        var report = ValidationReport(source: document.source, limits: limits)
        for rule in rules where !report.isFull {
            report.rule = rule.name
            rule.check(facts, &report)
        }
        if !report.isFull { try OverlappingFieldsCanBeMerged.check(facts, &report) }
        return report.errors
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The rules of section 5, each under the name that other implementations give it.
public enum ValidationRuleName: String, Sendable, CaseIterable {
    /// 5.1.1
    case executableDefinitions = "ExecutableDefinitions"
    /// 5.2.1.1
    case knownOperationTypes = "KnownOperationTypes"
    /// 5.2.2.1
    case uniqueOperationNames = "UniqueOperationNames"
    /// 5.2.3.1
    case loneAnonymousOperation = "LoneAnonymousOperation"
    /// 5.2.4.1
    case singleFieldSubscriptions = "SingleFieldSubscriptions"
    /// 5.3.1
    case fieldsOnCorrectType = "FieldsOnCorrectType"
    /// 5.3.2
    case overlappingFieldsCanBeMerged = "OverlappingFieldsCanBeMerged"
    /// 5.3.3
    case scalarLeafs = "ScalarLeafs"
    /// 5.4.1
    case knownArgumentNames = "KnownArgumentNames"
    /// 5.4.2
    case uniqueArgumentNames = "UniqueArgumentNames"
    /// 5.4.3
    case providedRequiredArguments = "ProvidedRequiredArguments"
    /// 5.5.1.1
    case uniqueFragmentNames = "UniqueFragmentNames"
    /// 5.5.1.2 and, for variables, 5.8.2
    case knownTypeNames = "KnownTypeNames"
    /// 5.5.1.3
    case fragmentsOnCompositeTypes = "FragmentsOnCompositeTypes"
    /// 5.5.1.4
    case noUnusedFragments = "NoUnusedFragments"
    /// 5.5.2.1
    case knownFragmentNames = "KnownFragmentNames"
    /// 5.5.2.2
    case noFragmentCycles = "NoFragmentCycles"
    /// 5.5.2.3
    case possibleFragmentSpreads = "PossibleFragmentSpreads"
    /// 5.6.1, 5.6.2 and 5.6.4
    case valuesOfCorrectType = "ValuesOfCorrectType"
    /// 5.6.3
    case uniqueInputFieldNames = "UniqueInputFieldNames"
    /// 5.7.1 and 5.7.2
    case knownDirectives = "KnownDirectives"
    /// 5.7.3
    case uniqueDirectivesPerLocation = "UniqueDirectivesPerLocation"
    /// 5.8.1
    case uniqueVariableNames = "UniqueVariableNames"
    /// 5.8.2
    case variablesAreInputTypes = "VariablesAreInputTypes"
    /// 5.8.3
    case noUndefinedVariables = "NoUndefinedVariables"
    /// 5.8.4
    case noUnusedVariables = "NoUnusedVariables"
    /// 5.8.5
    case variablesInAllowedPosition = "VariablesInAllowedPosition"
    /// None of section 5: lists of introspection in each other grow without end.
    case maxIntrospectionDepth = "MaxIntrospectionDepth"
}

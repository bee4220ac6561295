// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.8.5: a variable's type fits where it is used.
enum VariablesInAllowedPosition: ValidationRule {
    static let name = ValidationRuleName.variablesInAllowedPosition

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        for (index, operation) in facts.operations.enumerated() where !operation.variables.isEmpty {
            let variables = Dictionary(
                operation.variables.map { ($0.name.text, $0) }, uniquingKeysWith: { $1 })
            for use in facts.variableUses(ofOperation: index) {
                guard let type = use.type, let variable = variables[use.name],
                    facts.schema.types[variable.type.name.text] != nil
                else { continue }
                let name = "The variable \"$\(use.name)\" of type \(variable.type.reference)"
                if !isAllowed(variable, at: use, as: type, facts.schema) {
                    report.add("\(name) cannot stand where \(type) is expected.", at: variable.offset, use.offset)
                }
                // A one-of input object's field is given, and not null, whatever its type says (IsNonNullPosition).
                if let oneOf = use.oneOf, !variable.type.reference.isNonNull {
                    report.add(
                        "\(name) has to be non-null to be a field of \(oneOf.name).", at: variable.offset, use.offset)
                }
            }
        }
    }

    /// IsVariableUsageAllowed.
    private static func isAllowed(
        _ variable: VariableDefinition, at use: VariableUse, as type: TypeReference, _ schema: Schema
    ) -> Bool {
        let variableType = variable.type.reference
        guard type.isNonNull, !variableType.isNonNull else { return schema.isSubtype(variableType, of: type) }
        let hasDefault = variable.defaultValue.map { !$0.isNull } ?? false
        return (hasDefault || use.hasDefault) && schema.isSubtype(variableType, of: type.nullable)
    }
}

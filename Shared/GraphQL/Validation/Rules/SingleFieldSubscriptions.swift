// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.2.4.1: a subscription has one root field, which is none of introspection, and which no variable leaves out.
enum SingleFieldSubscriptions: ValidationRule {
    static let name = ValidationRuleName.singleFieldSubscriptions

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        guard let type = facts.schema.root(.subscription) else { return }
        for operation in facts.operations where operation.kind == .subscription {
            var roots = RootFields(facts: facts, type: type)
            roots.collect(operation.selectionSet)
            guard roots.conditions.isEmpty else {
                report.add("The root field of a subscription has no @skip or @include.", at: roots.conditions)
                continue
            }
            if roots.groups.count != 1 {
                let others = roots.groups.dropFirst().flatMap { $0.map(\.offset) }
                report.add(
                    "A subscription has exactly one root field.",
                    at: roots.groups.isEmpty ? [operation.selectionSet.offset] : others)
            }
            for group in roots.groups where group[0].name.text.hasPrefix("__") {
                report.add("The root field of a subscription is none of introspection.", at: group.map(\.offset))
            }
        }
    }

    /// CollectSubscriptionFields: the fields by their response names.
    private struct RootFields {
        let facts: DocumentFacts
        let type: TypeDefinition
        var groups: [[Field]] = []
        /// Where directives stand that could leave a field out.
        var conditions: [Int] = []
        private var visited: Set<String> = []

        init(facts: DocumentFacts, type: TypeDefinition) {
            self.facts = facts
            self.type = type
        }

        mutating func collect(_ set: SelectionSet) {
            for selection in set.selections {
                let condition =
                    selection.directives.first { $0.name.text == "skip" }
                    ?? selection.directives.first { $0.name.text == "include" }
                if let condition {
                    conditions.append(condition.offset)
                    continue
                }
                switch selection {
                case .field(let field):
                    if let index = groups.firstIndex(where: { $0[0].responseName == field.responseName }) {
                        groups[index].append(field)
                    } else {
                        groups.append([field])
                    }
                case .inline(let fragment):
                    if applies(fragment.typeCondition) { collect(fragment.selectionSet) }
                case .spread(let spread):
                    guard let fragment = facts.fragment(spread.name.text), applies(fragment.typeCondition),
                        visited.insert(spread.name.text).inserted
                    else { continue }
                    collect(fragment.selectionSet)
                }
            }
        }

        private func applies(_ condition: Name?) -> Bool {
            condition.map { facts.schema.possibleTypes($0.text).contains(type.name) } ?? true
        }
    }
}

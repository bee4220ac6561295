// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// 5.5.2.2: a fragment is not spread in itself, nor in what it spreads.
enum NoFragmentCycles: ValidationRule {
    static let name = ValidationRuleName.noFragmentCycles

    static func check(_ facts: DocumentFacts, _ report: inout ValidationReport) {
        var search = Search()
        for index in facts.fragments.indices { search.visit(index, facts, &report) }
    }

    private struct Search {
        private var visited: Set<String> = []
        /// The spreads that lead from where the search began to where it is.
        private var path: [FragmentSpread] = []
        private var positions: [String: Int] = [:]

        mutating func visit(_ index: Int, _ facts: DocumentFacts, _ report: inout ValidationReport) {
            let name = facts.fragments[index].name.text
            guard visited.insert(name).inserted else { return }
            positions[name] = path.count
            for spread in facts.fragmentScopes[index].spreads {
                path.append(spread)
                if let position = positions[spread.name.text] {
                    report.add(
                        "The fragment \"\(spread.name.text)\" is spread in itself.", at: path[position...].map(\.offset)
                    )
                } else if let next = facts.fragmentIndexes[spread.name.text] {
                    visit(next, facts, &report)
                }
                path.removeLast()
            }
            positions[name] = nil
        }
    }
}

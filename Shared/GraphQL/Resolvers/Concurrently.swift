// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What comes of each element, in their order; up to `width` at a time.
package func concurrently<Element: Sendable, Outcome: Sendable>(
    _ elements: [Element], width: Int, _ body: @escaping @Sendable (Element) async -> Outcome
) async -> [Outcome] {
    guard elements.count > 1 else {
        var outcomes: [Outcome] = []
        for element in elements { outcomes.append(await body(element)) }
        return outcomes
    }
    return await withTaskGroup(of: (Int, Outcome).self) { group in
        var outcomes = [Outcome?](repeating: nil, count: elements.count)
        var next = 0
        while next < min(width, elements.count) {
            let (index, element) = (next, elements[next])
            group.addTask { (index, await body(element)) }
            next += 1
        }
        while let (index, outcome) = await group.next() {
            outcomes[index] = outcome
            guard next < elements.count else { continue }
            let (following, element) = (next, elements[next])
            group.addTask { (following, await body(element)) }
            next += 1
        }
        return outcomes.compactMap { $0 }
    }
}

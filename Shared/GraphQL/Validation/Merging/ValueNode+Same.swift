// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials

extension [Argument] {
    /// Whether both are the same arguments with the same values, in any order.
    func isSame(as other: [Argument]) -> Bool {
        guard count == other.count else { return false }
        let values = Dictionary(other.map { ($0.name.text, $0.value) }, uniquingKeysWith: { $1 })
        return allSatisfy { argument in values[argument.name.text].map(argument.value.isSame) ?? false }
    }
}

extension ValueNode {
    /// Whether both are written alike, but for white space and the order of fields.
    func isSame(as other: ValueNode) -> Bool {
        switch (kind, other.kind) {
        case (.variable(let a), .variable(let b)), (.int(let a), .int(let b)), (.float(let a), .float(let b)),
            (.enum(let a), .enum(let b)):
            return a == b
        case (.string(let a, let aIsBlock), .string(let b, let bIsBlock)):
            return a.isExactly(b) && aIsBlock == bIsBlock
        case (.boolean(let a), .boolean(let b)):
            return a == b
        case (.null, .null):
            return true
        case (.list(let a), .list(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { $0.isSame(as: $1) }
        case (.object(let a), .object(let b)):
            let (a, b) = (a.sorted { $0.name.text < $1.name.text }, b.sorted { $0.name.text < $1.name.text })
            return a.count == b.count
                && zip(a, b).allSatisfy { $0.name.text == $1.name.text && $0.value.isSame(as: $1.value) }
        default:
            return false
        }
    }
}

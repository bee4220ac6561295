// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A document as it was parsed (section 2.2).
struct Document: Sendable {
    let source: SourceText
    let definitions: [Definition]

    var operations: [OperationDefinition] {
        definitions.compactMap { if case .operation(let operation) = $0 { operation } else { nil } }
    }

    var fragments: [FragmentDefinition] {
        definitions.compactMap { if case .fragment(let fragment) = $0 { fragment } else { nil } }
    }
}

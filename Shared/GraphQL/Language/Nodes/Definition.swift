// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a document consists of.
enum Definition: Sendable {
    case operation(OperationDefinition)
    case fragment(FragmentDefinition)
    case typeSystem(TypeSystemDefinition)
}

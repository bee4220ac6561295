// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The values that are of one of the object types.
struct AbstractCase<Source: Sendable>: Sendable {
    let type: String
    let source: ObjectIdentifier
    let select: @Sendable ([Source]) -> (indexes: [Int], objects: any ObjectList)
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A spread with the type around it.
struct SpreadUse {
    let spread: FragmentSpread
    let parent: TypeDefinition?
}

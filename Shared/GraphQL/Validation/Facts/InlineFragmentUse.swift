// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An inline fragment with the type around it and its own.
struct InlineFragmentUse {
    let fragment: InlineFragment
    let parent: TypeDefinition?
    let type: TypeDefinition?
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A selection set of a field, operation or fragment; those of inline fragments belong to the sets around them.
struct SelectionSetUse {
    let set: SelectionSet
    let parent: TypeDefinition?
}

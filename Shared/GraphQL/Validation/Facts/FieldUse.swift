// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A field with the type that it is asked of.
struct FieldUse {
    let field: Field
    /// `nil` when what stands around it makes no sense.
    let parent: TypeDefinition?
    /// `nil` when the type has no such field.
    let definition: FieldDefinition?
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A field that is asked for of one object, as a resolver of many gets it.
public struct FieldRequest<Source: Sendable>: Sendable {
    /// The object.
    public let source: Source
    /// The field's arguments.
    public let arguments: Arguments
}

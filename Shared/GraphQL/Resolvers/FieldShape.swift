// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a resolver returned, with objects as indexes of an array that has only them.
public indirect enum FieldShape: Sendable {
    /// No value.
    case null
    /// A value without fields.
    case leaf(ResponseValue)
    /// A list.
    case list([FieldShape])
    /// An object, by its index.
    case object(Int)
    /// An error.
    case failure(any Error)
}

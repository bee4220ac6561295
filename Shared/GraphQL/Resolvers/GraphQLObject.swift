// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A type of Swift whose values stand for objects of a schema.
public protocol GraphQLObject: FieldOutput where Object == Self {}

extension GraphQLObject {
    /// An object.
    public func shape(_ objects: inout [Self]) -> FieldShape {
        objects.append(self)
        return .object(objects.count - 1)
    }
}

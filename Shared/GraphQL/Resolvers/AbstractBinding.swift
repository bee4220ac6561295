// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The object types of an interface or union, whatever stands for its objects.
protocol AbstractBinding: Sendable {
    /// The type of Swift that stands for objects.
    var source: ObjectIdentifier { get }
    /// The object types with the types of Swift that stand for their objects.
    var types: [(name: String, source: ObjectIdentifier)] { get }
    /// The objects by their types, each with its index.
    func split(_ objects: any ObjectList) -> [(type: String, indexes: [Int], objects: any ObjectList)]
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a field is of each of some objects, and the objects found by it.
struct Resolution: Sendable {
    /// One for each object that the field was asked of.
    let shapes: [FieldShape]
    /// What ``FieldShape/object(_:)`` refers to.
    let objects: any ObjectList

    init<Output: FieldOutput>(_ outputs: [Output]) {
        var objects: [Output.Object] = []
        shapes = outputs.map { $0.shape(&objects) }
        self.objects = Objects(elements: objects)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How a field of objects of one type of Swift is resolved.
struct FieldBinding<Context: Sendable, Source: Sendable>: Sendable {
    enum Way: Sendable {
        case immediate(@Sendable ([Source], Arguments) -> Resolution)
        case deferred(@Sendable ([Source], Arguments, Context) async -> Resolution)
        /// Gets the requests of one alias after the other, and how many each has, at least one; returns a resolution for each.
        case batch(@Sendable ([FieldRequest<Source>], Int, Context) async -> [Resolution])
    }

    let way: Way
    /// The type of Swift of the objects that it gives.
    let output: ObjectIdentifier

    init<Output: FieldOutput>(output: Output.Type, _ way: Way) {
        self.way = way
        self.output = ObjectIdentifier(Output.Object.self)
    }
}

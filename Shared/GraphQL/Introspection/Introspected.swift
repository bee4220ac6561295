// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A part of a schema, with the schema.
struct Introspected<Value: Sendable>: GraphQLObject {
    let value: Value
    let schema: Schema
}

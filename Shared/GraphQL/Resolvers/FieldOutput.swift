// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a resolver may return: values of Swift that stand for values of the schema.
///
/// Numbers, text, booleans, ``ResponseValue``, types that are ``GraphQLObject``, and optionals, arrays and results of these. A
/// `Result` that is a failure makes an error of its field or element alone.
public protocol FieldOutput: Sendable {
    /// The type of the objects inside; `Never` if there are none.
    associatedtype Object: Sendable = Never

    /// The output as lists and leaves, with its objects moved to the end of `objects`.
    func shape(_ objects: inout [Object]) -> FieldShape
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Collects every invalid field, so that one answer names them all.
public struct FieldErrors: Sendable, Equatable {
    /// How many errors are kept; a hostile document must not make an answer larger than itself many times over.
    public static let limit = 100

    /// The errors in the order found, at most ``limit``.
    public private(set) var list: [FieldError] = []

    /// Creates an empty collector.
    public init() {}

    /// Whether every field was valid.
    public var isEmpty: Bool { list.isEmpty }

    /// Adds an error; beyond ``limit`` it is dropped.
    public mutating func add(_ pointer: String, _ detail: String) {
        guard list.count < Self.limit else { return }
        list.append(FieldError(pointer: pointer, detail: detail))
    }

    /// Ends the collection.
    ///
    /// - Throws: 422 `invalid-fields` with every error, unless there is none.
    public func check() throws(ProblemDetails) {
        guard !list.isEmpty else { return }
        throw ProblemDetails(.invalidFields, errors: list)
    }
}

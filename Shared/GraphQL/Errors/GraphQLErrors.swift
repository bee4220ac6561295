// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Why a request has no answer: one or more errors, all of one ``GraphQLError/kind-swift.property``.
public struct GraphQLErrors: Error, Sendable {
    /// The errors, at least one.
    public let errors: [GraphQLError]

    init(errors: [GraphQLError]) { self.errors = errors }

    /// Creates the error of a request that brought no document, or one that is not executed in this way.
    ///
    /// - Parameter message: what is wrong, for the author of the request; without values.
    public init(request message: String) { self.init(errors: [GraphQLError(.request, message)]) }
}

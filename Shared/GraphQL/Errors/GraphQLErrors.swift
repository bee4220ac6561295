// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Why a request was not executed: one or more errors, all of one ``GraphQLError/kind-swift.property``.
public struct GraphQLErrors: Error, Sendable {
    /// The errors, at least one.
    public let errors: [GraphQLError]
}

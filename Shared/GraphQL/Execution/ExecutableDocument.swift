// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A document that a schema has found valid: immutable, so that it can be kept and executed many times, at the same time, too.
public struct ExecutableDocument: Sendable {
    let source: SourceText
    let operations: [OperationDefinition]
    let fragments: [String: FragmentDefinition]

    init(_ document: Document) {
        source = document.source
        operations = document.operations
        fragments = Dictionary(document.fragments.map { ($0.name.text, $0) }, uniquingKeysWith: { $1 })
    }

    /// What an operation does, for transports that do not carry every kind.
    ///
    /// - Parameter name: which operation; not needed if there is one only.
    /// - Throws: that there is no such operation.
    public func kind(ofOperation name: String?) throws(GraphQLErrors) -> OperationKind {
        try operation(named: name).kind
    }

    /// GetOperation (section 6.1).
    func operation(named name: String?) throws(GraphQLErrors) -> OperationDefinition {
        guard let name else {
            guard operations.count <= 1 else { throw requestError("The document has several operations: name one.") }
            guard let operation = operations.first else { throw requestError("The document has no operation.") }
            return operation
        }
        guard let operation = operations.first(where: { $0.name?.text == name }) else {
            throw requestError("The document has no operation of that name.")
        }
        return operation
    }

    func requestError(_ message: String, at offsets: Int...) -> GraphQLErrors {
        GraphQLErrors(errors: [GraphQLError(.request, message, at: offsets, in: source)])
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A schema with the code that answers for it.
///
/// A request takes three steps: its text becomes a document, which can be kept for the next request with the same text; the document
/// is executed; the response is written.
public struct ExecutableSchema<Context: Sendable>: Sendable {
    /// The schema.
    public let schema: Schema
    let resolvers: Resolvers<Context>

    /// Joins a schema and its resolvers.
    ///
    /// - Throws: every field that nothing resolves, and every type whose objects come as other types of Swift than the fields that
    ///   give them say.
    public init(_ schema: Schema, _ resolvers: Resolvers<Context>) throws(SchemaError) {
        self.schema = schema
        self.resolvers = resolvers
        let problems = ResolverCheck(schema: schema, resolvers: resolvers).problems
        guard problems.isEmpty else { throw SchemaError(problems: problems) }
    }

    /// Reads and validates a document.
    ///
    /// - Throws: one error of syntax or of a limit, or those of validation.
    public func document(
        _ text: String, limits: DocumentLimits = DocumentLimits()
    ) throws(GraphQLErrors) -> ExecutableDocument {
        let errors: [GraphQLError]
        do throws(GraphQLError) {
            let document = try Parser.parse(text, limits: limits)
            try DocumentMeasure.check(document, limits: limits)
            errors = try Validation.errors(in: document, schema: schema, limits: limits)
            if errors.isEmpty { return ExecutableDocument(document) }
        } catch {
            throw GraphQLErrors(errors: [error])
        }
        throw GraphQLErrors(errors: errors)
    }

    /// Executes an operation of a document (section 6).
    ///
    /// - Parameters:
    ///   - document: made by this schema.
    ///   - operationName: which operation; not needed if there is one only.
    ///   - variables: values for the operation's variables, by their names.
    ///   - valueLimit: how many fields of objects the answer may have, lists with all their elements. Fields of lists in each other
    ///     multiply, which no limit of the document sees.
    ///   - byteLimit: how long the answer may be as JSON, in bytes, escapes aside.
    ///   - context: what resolvers get.
    /// - Returns: the answer, with an error for each field that could not be resolved.
    /// - Throws: errors of the request: no such operation, wrong variables. Nothing was resolved then. Or that the
    ///   answer would have more values than the limit, of which none is resolved beyond it, or more bytes.
    public func execute(
        _ document: ExecutableDocument, operationName: String? = nil, variables: JSONObject = JSONObject(),
        valueLimit: Int = 100_000, byteLimit: Int = 8 << 20, context: Context
    ) async throws(GraphQLErrors) -> Response {
        let operation = try document.operation(named: operationName)
        guard operation.kind != .subscription, let type = schema.root(operation.kind) else {
            throw document.requestError("A \(operation.kind.rawValue) is not executed here.", at: operation.offset)
        }
        let execution = Execution(
            resolvers: resolvers, source: document.source,
            collector: FieldCollector(
                schema: schema, source: document.source, fragments: document.fragments,
                variables: try VariableCoercion.variables(
                    of: operation, from: variables, schema: schema, source: document.source)),
            context: context, budget: ValueBudget(valueLimit))
        let response = await execution.response(to: operation, of: type)
        guard !execution.budget.isExceeded else {
            let message = "The answer has more than \(valueLimit) values."
            throw GraphQLErrors(errors: [GraphQLError(.answerLimit, message)])
        }
        guard response.fits(in: byteLimit) else {
            let message = "The answer is longer than \(byteLimit) bytes."
            throw GraphQLErrors(errors: [GraphQLError(.answerLimit, message)])
        }
        return response
    }
}

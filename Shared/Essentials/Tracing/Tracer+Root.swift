// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Tracing

extension (any Tracer)? {
    /// Does something in a trace that begins with it, if there is a tracer. An error that it throws is its failure.
    ///
    /// - Parameter name: of few different ones.
    package func inNewTrace<Value>(_ name: String, _ body: () async throws -> Value) async rethrows -> Value {
        guard let self else { return try await body() }
        let span = self.startSpan(name, context: .topLevel, ofKind: .internal)
        defer { span.end() }
        do {
            return try await InstrumentationContext.withValue(span.context) { try await body() }
        } catch {
            span.fail(String(describing: type(of: error)))
            throw error
        }
    }
}

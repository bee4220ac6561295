// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Logging
internal import OTLPTracing
internal import Tracing

extension OTLPTracing {
    /// Runs a command with a tracer, if anything is to be traced, and sends what that has recorded before it ends.
    static func run<Value: Sendable>(
        _ configuration: OTLPTracingConfiguration?, logger: Logger, _ body: ((any Tracer)?) async throws -> Value
    ) async throws -> Value {
        guard let configuration else { return try await body(nil) }
        let tracing = OTLPTracing(configuration, logger: logger)
        return try await tracing.export.run { try await body(tracing.tracer) }
    }
}

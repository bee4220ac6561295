// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// One step from a shape that an event's data once had to the next one.
///
/// Stored events never change, so their old shapes stay for ever. Steps bring them to today's when they are read, one
/// version at a time, and a context's decoding knows only that:
///
///     static let upcasts = [
///         // Schema 2 says where the order is sent; before, there was one place only.
///         EventUpcast("order.placed", from: 1) { $0["destination"] = "Hamburg" }
///     ]
public struct EventUpcast: Sendable {
    let type: String
    let schema: Int
    let transform: @Sendable (inout JSONObject) throws(MalformedEvent) -> Void

    /// Describes a step.
    ///
    /// - Parameters:
    ///   - type: the event's wire name.
    ///   - schema: the version of the shape to start from; the step leads to the next version.
    ///   - transform: gives the data the next shape. The same data must always become the same. Throws
    ///     ``MalformedEvent`` when the data is not what `schema` promises, without quoting it.
    public init(
        _ type: String, from schema: Int,
        _ transform: @escaping @Sendable (inout JSONObject) throws(MalformedEvent) -> Void
    ) {
        self.type = type
        self.schema = schema
        self.transform = transform
    }
}

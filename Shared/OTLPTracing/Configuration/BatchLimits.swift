// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How spans are gathered for export (OpenTelemetry specification, "Batch span processor").
public struct BatchLimits: Sendable, Hashable {
    /// How long a span waits for others.
    public var scheduleDelay = Duration.seconds(5)
    /// How many spans are sent together; as many do not wait.
    public var batchSize = 512
    /// How many spans may wait; beyond them they are dropped. Not less than ``batchSize``.
    public var queueSize = 2048
    /// How long the export of a batch may take, with all attempts.
    public var exportTimeout = Duration.seconds(30)

    /// The limits of the specification.
    public init() {}
}

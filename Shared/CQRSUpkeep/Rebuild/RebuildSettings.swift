// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS

/// How a rebuild goes about it.
public struct RebuildSettings: Sendable {
    /// How many ranges of streams to fill or compare side by side, at least 1.
    public var parallel = 4
    /// How long a document may lag behind its events before the comparison calls that a difference.
    public var patience = Duration.seconds(10)
    /// After so long every reader knows of a change or refuses to answer.
    public var readerDelay = GenerationFollower.followTime + .seconds(1)
    /// How long to wait for consumers to stop.
    public var consumerDelay = Duration.seconds(60)
    /// How long nothing may leave a queue that is being emptied. Messages may wait a minute for their next attempt.
    public var drainDelay = Duration.seconds(180)
    /// After so long without a sign of life another process takes a rebuild over.
    public var leaseSilence = Duration.seconds(12)

    /// The usual.
    public init() {}
}

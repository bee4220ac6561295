// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How much a relay bears and how long it waits.
public struct RelaySettings: Sendable {
    /// How many commits may be appended and not yet published; then nothing is accepted, and with half of them nothing in
    /// bulk. At least 1.
    public var backlogLimit = 1_000_000
    /// How many of them are kept in memory; the others are read from the store again. At least 1.
    public var memoryLimit = 10_000
    /// With how many of them those sent in bulk wait for a moment before they are appended, or with half of `memoryLimit`: an
    /// import goes no faster than the broker takes it, and what somebody waits for stays in memory, where it goes first.
    public var bulkLimit = 2000
    /// How long they wait at most: while the broker is away an import goes on, too, if slowly.
    public var bulkPatience = Duration.milliseconds(250)
    /// The most events in one call of the publisher, or a few more: commits go whole.
    public var batchSize = 1000
    /// How long commits gather after a call with many. A broker does much less for one batch than for many.
    public var gathering = Duration.milliseconds(5)
    /// With how many commits a call has many. With fewer on their way, hardly any would come while the others gather: at
    /// 500 of them a second there are two or three in 5 ms, and each would only come later.
    public var gatheringFrom = 8
    /// How often progress is recorded.
    public var checkpointInterval = Duration.milliseconds(250)
    /// How long a writer must be silent before another takes its commits over.
    public var takeoverAfter = Duration.seconds(5)
    /// How long to go on looking for late appends: of a writer that fell silent, or of the own one whose answer was
    /// lost. Longer than an append takes to be given up (some 20 s with all of the driver's waits), and than a kernel
    /// goes on sending what is left of a closed connection while a network is down (some 50 s).
    public var settleTime = Duration.seconds(60)
    /// How long a commit that the broker does not take is left alone before it is tried again: at first, and at most.
    public var setAsidePauses: ClosedRange<Duration> = .seconds(1)...(.seconds(60))
    /// How long a stop may take to publish what is left. What then is left is left to the next relay.
    public var drainTimeout = Duration.seconds(2)
    /// How long a stop may take to leave the checkpoint in order; others take over one that was not.
    public var closeTimeout = Duration.seconds(1)

    /// The defaults.
    public init() {}

    /// After a confirmed checkpoint appends are accepted for so long: less than others wait before they take over.
    var lease: Duration { takeoverAfter * 0.8 }
}

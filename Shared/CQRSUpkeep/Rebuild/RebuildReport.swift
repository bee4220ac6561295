// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// What a rebuild tells while it goes on.
public enum RebuildReport: Sendable {
    /// A generation is begun, or gone on with after so much, of about so many commits in all.
    case building(Generation, after: FillProgress, total: Int)
    /// So much is filled, of about so many commits.
    case filling(FillProgress, total: Int)
    /// All streams are filled.
    case filled(FillProgress)
    /// So much is compared with the event store, of about so many commits.
    case comparing(AuditProgress, total: Int)
    /// A difference; one that blocks the switch if it could not be mended.
    case difference(ReadModelDifference, isMended: Bool, blocks: Bool)
    /// A row of sums that was not what the documents add up to, and is mended.
    case sumDifference(SumDifference)
    /// A step of the switch begins.
    case switching(Handover, to: Generation)
    /// A generation is being removed.
    case removing(Generation)
    /// The events are to be spread over more or fewer partitions.
    case partitioning(from: Int, into: Int)
    /// So many partitions get nothing new any more; they are emptied and removed.
    case removingPartitions(Int)
}

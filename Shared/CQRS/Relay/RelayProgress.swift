// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How far a writer's events are published.
public struct RelayProgress: Sendable, Equatable {
    /// Tells a later report of one writer from an earlier one.
    public let revision: Int64
    /// The number up to which every commit that exists has been published, but for those that are set aside.
    public let published: Int64
    /// The numbers up to ``published`` of commits that could not be published so far, in order. Not many: each checkpoint
    /// holds them all.
    public let setAside: [Int64]

    /// Describes progress.
    public init(revision: Int64 = 0, published: Int64, setAside: [Int64] = []) {
        self.revision = revision
        self.published = published
        self.setAside = setAside
    }

    /// The later of two reports of one writer.
    public func latest(_ other: RelayProgress) -> RelayProgress {
        (revision, published) <= (other.revision, other.published) ? other : self
    }

    /// Whether a later report says the same.
    func isSame(as other: RelayProgress) -> Bool { published == other.published && setAside == other.setAside }

    /// The number up to which everything has been published, without any exception.
    public var watermark: Int64 { setAside.first.map { $0 - 1 } ?? published }
}

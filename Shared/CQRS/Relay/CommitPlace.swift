// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Where a commit stands among those of its writer: from that follows whether it has been published.
public struct CommitPlace: Sendable, Equatable {
    /// The version of its first event.
    public let version: Int64
    /// Who appended it.
    public let writer: WriterID
    /// Its number there.
    public let sequence: Int64

    /// Describes a place.
    public init(version: Int64, writer: WriterID, sequence: Int64) {
        self.version = version
        self.writer = writer
        self.sequence = sequence
    }
}

/// Tells where commits stand, for who wants to know of single events whether they have been published.
public protocol CommitPlaces: Sendable {
    /// Where the commits of a stream stand among those of their writers, in order of their versions.
    ///
    /// - Parameters:
    ///   - version: the first commit returned is the one that holds the next version.
    ///   - limit: the most to return, at least 1.
    /// - Throws: an error with a ``FailureCategory``.
    func places(of stream: StreamID, after version: Int64, limit: Int) async throws -> [CommitPlace]
}

extension RelayProgress {
    /// Whether a commit with this number has been published.
    public func hasPublished(_ sequence: Int64) -> Bool { sequence <= published && !setAside.contains(sequence) }
}

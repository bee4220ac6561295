// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An event store as queries see it: they find entities by what these claim, and never write.
public protocol EventQueries: EventHistory {
    /// The last event of the commit that holds a claim, or `nil` when it is free.
    ///
    /// Its stream may have given the claim up by a later event: until that is released, the claim finds the stream.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func holder(of claim: Claim) async throws -> RecordedEvent?

    /// Whether a stream has given a claim up, released or not, by a commit behind the one that holds it. Costs one look at
    /// an index, however long the stream.
    ///
    /// - Parameter holder: what ``holder(of:)`` has found.
    /// - Throws: an error with a ``FailureCategory``.
    func hasGivenUp(_ claim: Claim, since holder: RecordedEvent) async throws -> Bool

    /// What came of reading pages of several streams, in their order: for each what ``EventHistory/read(_:after:limit:)``
    /// gives. A store that can reads them together.
    func read(_ pages: [StreamPage]) async -> [Result<[RecordedEvent], any Error>]
}

extension EventQueries {
    /// Reads one page after the other.
    public func read(_ pages: [StreamPage]) async -> [Result<[RecordedEvent], any Error>] {
        var results: [Result<[RecordedEvent], any Error>] = []
        for page in pages { results.append(await result(of: page)) }
        return results
    }

    /// What came of reading one page.
    package func result(of page: StreamPage) async -> Result<[RecordedEvent], any Error> {
        do {
            return .success(try await read(page.stream, after: page.version, limit: page.limit))
        } catch {
            return .failure(error)
        }
    }
}

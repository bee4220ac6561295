// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// The changes of a read model, of whichever generation serves.
///
/// A feed is that of one generation. It ends when another is to be read, and while two are read there is none. Its status
/// is broken as soon as nobody can tell which generation serves. A position is lost with its generation.
public struct ServingChanges<Model: GenerationReadModel & ReadModelChanges>: ReadModelChanges {
    /// What is kept for one stream.
    public typealias Document = Model.Document

    private let follower: GenerationFollower
    private let model: @Sendable (Generation) -> Model

    /// Follows what a follower names.
    ///
    /// - Parameters:
    ///   - follower: run by somebody else.
    ///   - model: gives a generation's documents; cheap.
    public init(_ follower: GenerationFollower, model: @escaping @Sendable (Generation) -> Model) {
        self.follower = follower
        self.model = model
    }

    /// Tells of the changes of the generation that serves now, until another is to be read.
    ///
    /// - Throws: ``LostFeedPosition``; another error with a ``FailureCategory``; `unavailable` while two generations are
    ///   read, and when that has changed.
    public func follow(
        _ observer: some ReadModelObserver<Model.Document>, after position: FeedPosition?
    ) async throws {
        let (only, read) = try await serving(for: position)
        try await follower.while({ $0.read == read }) { [follower, model] in
            let observer = Checked(observer: observer, generation: only) { follower.isReading(read) }
            try await model(only).follow(observer, after: position?.of(generation: 0))
        }
    }

    /// The changes of the generation that serves now.
    ///
    /// - Throws: as ``follow(_:after:)``.
    public func changes(after position: FeedPosition, limit: Int) async throws -> ChangePage<Model.Document> {
        let (only, _) = try await serving(for: position)
        let page = try await model(only).changes(after: position.of(generation: 0), limit: limit)
        return ChangePage(
            changes: page.changes.map { ($0.change, $0.position.of(generation: only.number)) },
            end: page.end.of(generation: only.number))
    }

    /// The generation that serves, if a position is one of it, and all that are to be read.
    private func serving(for position: FeedPosition?) async throws -> (Generation, [Generation]) {
        let (only, state) = try await follower.serving()
        guard position.map({ $0.generation == only.number }) ?? true else { throw LostFeedPosition() }
        return (only, state.read)
    }

    /// An observer whose feed is broken unless it is that of the generation to read.
    private struct Checked<Observer: ReadModelObserver<Model.Document>>: ReadModelObserver {
        typealias Document = Model.Document

        let observer: Observer
        let generation: Generation
        let isRead: @Sendable () -> Bool

        func opened(_ feed: OpenFeed) {
            observer.opened(
                OpenFeed(
                    status: { [isRead] in isRead() ? feed.status() : .broken },
                    position: { [generation] in feed.position().of(generation: generation.number) }))
        }

        func changed(_ change: DocumentChange<Model.Document>, at position: FeedPosition) {
            observer.changed(change, at: position.of(generation: generation.number))
        }
    }
}

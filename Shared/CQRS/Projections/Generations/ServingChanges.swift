// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The changes of a read model, of whichever generation serves.
///
/// A feed is that of one generation. It ends when another is to be read, and while two are read there is none. Its status
/// is broken as soon as nobody can tell which generation serves.
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
    /// - Throws: an error with a ``FailureCategory``; `unavailable` while two are read, and when that has changed.
    public func follow(_ observer: some ReadModelObserver<Model.Document>) async throws {
        let read = try await follower.current().read
        guard let only = read.first, read.count == 1 else { throw OtherGenerations() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [follower, model] in
                try await model(only).follow(Checked(observer: observer) { follower.isReading(read) })
            }
            group.addTask { [follower] in
                for await state in follower.changes() where state.read != read { throw OtherGenerations() }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// An observer whose feed is broken unless it is that of the generation to read.
    private struct Checked<Observer: ReadModelObserver<Model.Document>>: ReadModelObserver {
        typealias Document = Model.Document

        let observer: Observer
        let isRead: @Sendable () -> Bool

        func opened(_ status: @escaping @Sendable () -> FeedStatus) {
            observer.opened { [isRead] in isRead() ? status() : .broken }
        }

        func changed(_ change: DocumentChange<Model.Document>) { observer.changed(change) }
    }

    private struct OtherGenerations: CategorizedError, CustomStringConvertible {
        var category: FailureCategory { .unavailable }
        var description: String { "other generations are to be read" }
    }
}

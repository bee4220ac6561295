// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials

/// What the writers tell of whichever generation of a read model serves.
///
/// It ends when another generation is to be read, and while two are read nothing is followed: then a document can change
/// by another one being the newer. Its status is broken as soon as nobody can tell which generation serves.
public struct ServingNotices: ReadModelNotices {
    private let follower: GenerationFollower
    private let notices: @Sendable (Generation) -> any ReadModelNotices

    /// Follows what a follower names.
    ///
    /// - Parameters:
    ///   - follower: run by somebody else.
    ///   - notices: what is told of a generation.
    public init(_ follower: GenerationFollower, notices: @escaping @Sendable (Generation) -> any ReadModelNotices) {
        self.follower = follower
        self.notices = notices
    }

    /// Follows the generation that serves now, until another is to be read.
    ///
    /// - Throws: an error with a ``FailureCategory``; `unavailable` while two generations are read, and when that has
    ///   changed.
    public func follow(_ observer: some NoticeObserver) async throws {
        let (only, state) = try await follower.serving()
        let read = state.read
        // Before a switch the serving generation is brought up where it lacks events, and nobody tells of that. It matters
        // when the switch is then refused.
        let isLevelled = state.handover == .aligning
        try await follower.while({ $0.read == read && ($0.handover == .aligning) == isLevelled }) {
            [notices, follower] in
            try await notices(only).follow(Checked(observer: observer) { follower.isReading(read) })
        }
    }

    /// An observer whose feed is broken unless it is that of the generation to read.
    private struct Checked<Observer: NoticeObserver>: NoticeObserver {
        let observer: Observer
        let isRead: @Sendable () -> Bool

        func opened(_ status: @escaping @Sendable () -> FeedStatus) {
            observer.opened { [isRead] in isRead() ? status() : .broken }
        }

        func told(_ notices: [ChangeNotice]) { observer.told(notices) }
    }
}

extension GenerationFollower {
    /// The one generation that is read, and the state that says so.
    ///
    /// - Throws: ``OtherGenerations`` while these are two.
    func serving() async throws -> (Generation, GenerationState) {
        let state = try await current()
        guard let only = state.read.first, state.read.count == 1 else { throw OtherGenerations() }
        return (only, state)
    }

    /// Does something for as long as a state is the same in what matters.
    ///
    /// - Throws: ``OtherGenerations`` when it no longer is, after cancelling what is done; what the body throws.
    func `while`(
        _ isSame: @Sendable @escaping (GenerationState) -> Bool, _ body: @Sendable @escaping () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await state in self.changes() where !isSame(state) { throw OtherGenerations() }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

/// Two generations are to be read, or others than before.
struct OtherGenerations: CategorizedError, CustomStringConvertible {
    var category: FailureCategory { .unavailable }
    var description: String { "other generations are to be read" }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// What the writers of a read model tell; see ``ChangeNotices``.
public protocol ReadModelNotices: Sendable {
    /// Passes on what is told, those of one writer in order, some perhaps more than once or late, until the task is cancelled
    /// or something may have been missed.
    ///
    /// - Parameter observer: told from one task, one call after the other.
    /// - Throws: an error with a ``FailureCategory``: nothing more comes from this call.
    func follow(_ observer: some NoticeObserver) async throws
}

/// Who is told.
public protocol NoticeObserver: Sendable {
    /// Everything that is told from now on will be passed on, and what is read from now on cannot be older than what was
    /// told before.
    ///
    /// - Parameter status: whether all that was told up to a moment ago has been passed on. Cheap, and takes no
    ///   communication.
    func opened(_ status: @escaping @Sendable () -> FeedStatus)

    /// Documents have changed.
    func told(_ notices: [ChangeNotice])
}

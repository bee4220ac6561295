// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import MongoDB

/// A document on its way into `events`: a commit, or the answer to a command that changed nothing.
struct NewDocument: Sendable {
    /// Its primary key.
    let id: String
    /// Tells it from another with the same key: its first event's identifier, or the key itself where no other can have it.
    let token: String
    let urgency: AppendUrgency
    let document: BSONDocument
    /// Where its command has its place in a trace, if there is one.
    var traceParent: String?
}

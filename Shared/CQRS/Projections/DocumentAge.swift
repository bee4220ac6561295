// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// How recent a stream's document is: when its last event was recorded, and at which version.
///
/// Within a stream times never go back, so this orders documents as their versions do. But versions alone would not tell
/// after the event store was restored from a backup: then a stream goes on from an earlier version, and what follows is
/// later although its number is lower, or the same as that of an event which is no more.
public struct DocumentAge: Comparable, Hashable, Sendable {
    /// When the last event was recorded that the document reflects.
    public let updatedAt: Timestamp
    /// The version of that event.
    public let version: Int64

    /// Describes how recent a document is.
    public init(updatedAt: Timestamp, version: Int64) {
        self.updatedAt = updatedAt
        self.version = version
    }

    /// How recent a document is.
    public init(_ document: some ReadModelDocument) {
        updatedAt = document.updatedAt
        version = document.version
    }

    /// The earlier is the smaller.
    public static func < (one: DocumentAge, other: DocumentAge) -> Bool {
        (one.updatedAt, one.version) < (other.updatedAt, other.version)
    }
}

extension ReadModelDocument {
    /// Whether an event that this document should reflect already is none of those it was made of: another event has its
    /// version, or it was recorded later than all of them.
    func contradicts(_ event: RecordedEvent) -> Bool {
        if event.version == version { return event.recordedAt != updatedAt }
        return event.version < version && event.recordedAt > updatedAt
    }
}

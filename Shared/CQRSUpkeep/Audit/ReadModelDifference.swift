// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// One way in which a read model disagrees with the event store. Says versions and names of fields, never their content.
public struct ReadModelDifference: Sendable, Equatable {
    /// What is wrong.
    public enum Kind: Sendable, Equatable {
        /// There is no document for the stream's events.
        case missing
        /// There are no events for the document.
        case extra
        /// The document stays behind the events.
        case behind
        /// The document reflects versions that do not exist.
        case ahead
        /// The document is at the right version, but these fields are not what the events make them.
        case different(fields: [String])
        /// The document is right, but beside it the entry of this version is missing, other, or too many.
        case entry(at: Int64)
        /// An event cannot be applied, so the document stays before it.
        case stopped(at: Int64, MalformedEvent.Reason)
    }

    /// The stream.
    public let stream: StreamID
    /// What is wrong.
    public let kind: Kind
    /// The document's version; 0 without one.
    public let stored: Int64
    /// The version that it should be at; 0 for none.
    public let expected: Int64

    /// Describes a difference.
    public init(stream: StreamID, kind: Kind, stored: Int64, expected: Int64) {
        self.stream = stream
        self.kind = kind
        self.stored = stored
        self.expected = expected
    }
}

extension ReadModelDifference: CustomStringConvertible {
    /// The stable word for the kind of difference.
    public var word: String {
        switch kind {
        case .missing: "missing"
        case .extra: "extra"
        case .behind: "behind"
        case .ahead: "ahead"
        case .different: "different"
        case .entry: "entry"
        case .stopped: "stopped"
        }
    }

    /// One line for a terminal.
    public var description: String {
        let what =
            switch kind {
            case .missing: "no document, events up to version \(expected)"
            case .extra: "a document at version \(stored), no events"
            case .behind: "the document is at version \(stored), the events at \(expected)"
            case .ahead: "the document is at version \(stored), the events only at \(expected)"
            case .different(let fields): "at version \(stored), but other: \(fields.joined(separator: ", "))"
            case .entry(let version):
                "at version \(stored), but the entry of version \(version) is not what its event says"
            case .stopped(let version, let reason): "version \(version) cannot be applied: \(reason.rawValue)"
            }
        return "\(stream)  \(word): \(what)"
    }
}

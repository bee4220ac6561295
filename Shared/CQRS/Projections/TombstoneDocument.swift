// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A document that outlives what it is of, without its content, so that a late event cannot bring that back.
public protocol TombstoneDocument: ReadModelDocument {
    /// Whether what it is of has been deleted.
    var isDeleted: Bool { get }
}

/// What projections ask before they apply an event.
extension Optional where Wrapped: TombstoneDocument {
    /// The document of something that exists, for an event that changes or deletes it.
    ///
    /// - Throws: ``MalformedEvent`` when there is none or a tombstone.
    public func existing() throws(MalformedEvent) -> Wrapped {
        guard let document = self, !document.isDeleted else {
            throw MalformedEvent(.invalidData, "there is nothing to change")
        }
        return document
    }

    /// Checks that there is no document, for an event that something begins with.
    ///
    /// - Throws: ``MalformedEvent`` when there is one, or a tombstone.
    public func checkAbsent() throws(MalformedEvent) {
        guard self == nil else { throw MalformedEvent(.invalidData, "it has begun already") }
    }
}

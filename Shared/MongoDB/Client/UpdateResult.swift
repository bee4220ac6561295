// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What an update or replacement did.
public struct UpdateResult: Sendable {
    /// How many documents matched the filter.
    public let matchedCount: Int
    /// How many documents were changed by it: a document that was like that already does not count.
    public let modifiedCount: Int
    /// The `_id` of the document that an upsert inserted.
    public let upsertedID: BSONValue?

    init(reply: BSONDocument) {
        matchedCount = reply["matchedCount"]?.intValue ?? 0
        modifiedCount = reply["modifiedCount"]?.intValue ?? 0
        upsertedID = reply["upsertedId"]
    }
}

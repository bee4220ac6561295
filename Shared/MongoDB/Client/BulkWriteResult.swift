// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What became of a bulk write.
///
/// Operations that the server refused are in ``writeErrors``; the others were applied, unless the bulk was ordered:
/// then those behind the first error were not tried.
public struct BulkWriteResult: Sendable {
    /// How many documents were inserted, upserts not counted.
    public internal(set) var insertedCount = 0
    /// How many documents matched a filter of an update or replacement.
    public internal(set) var matchedCount = 0
    /// How many documents an update or replacement changed.
    public internal(set) var modifiedCount = 0
    /// How many documents were deleted.
    public internal(set) var deletedCount = 0
    /// The `_id` of each document that an upsert inserted, by the operation's index.
    public internal(set) var upsertedIDs: [Int: BSONValue] = [:]
    /// The operations that failed, in the order in which the server reported them.
    public internal(set) var writeErrors: [BulkWriteError] = []
    /// Set when writes were applied but their durability was not confirmed (``MongoError/Code/writeConcern``).
    public internal(set) var writeConcernError: MongoError?

    /// Whether every operation was applied and confirmed.
    public var isComplete: Bool { writeErrors.isEmpty && writeConcernError == nil }

    init() {}

    init(reply: BSONDocument) {
        for element in reply {
            switch element.key {
            case "nInserted": insertedCount = element.value.intValue ?? 0
            case "nMatched": matchedCount = element.value.intValue ?? 0
            case "nModified": modifiedCount = element.value.intValue ?? 0
            case "nRemoved": deletedCount = element.value.intValue ?? 0
            case "upserted":
                for upserted in element.value.arrayValue?.values.compactMap(\.documentValue) ?? [] {
                    guard let index = upserted["index"]?.intValue, let id = upserted["_id"] else { continue }
                    upsertedIDs[index] = id
                }
            case "writeConcernErrors":
                guard let first = element.value.arrayValue?.values.first?.documentValue else { continue }
                writeConcernError = MongoError(
                    .writeConcern, first["errmsg"]?.stringValue ?? "",
                    serverCode: first["code"]?.intValue.map { Int32(truncatingIfNeeded: $0) }, outcomeUnknown: true)
            default: break
            }
        }
        writeErrors = reply.writeErrors
    }

    /// Whether nothing is known to have happened.
    var isEmpty: Bool {
        insertedCount + matchedCount + deletedCount + upsertedIDs.count == 0 && writeErrors.isEmpty
    }
}

extension BSONDocument {
    /// The errors of single operations in a reply.
    var writeErrors: [BulkWriteError] {
        self["writeErrors"]?.arrayValue?.values.compactMap(\.documentValue).map(BulkWriteError.init(reply:)) ?? []
    }
}

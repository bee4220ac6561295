// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRSMongoDB
internal import Essentials
internal import MongoDB

/// The record of what was done through consoles, of all processes: a capped collection, so it takes no more than a megabyte.
///
/// There is an entry before something is done, and one about how it ended: an action without the second was cut short.
struct ActionLog: Sendable {
    private enum Field {
        static let action = "action"
        static let actionID = "actionId"
        static let at = "at"
        static let who = "who"
        static let requestID = "requestId"
        static let readModel = "readModel"
        static let letters = "letters"
        static let outcome = "outcome"
    }

    private static let name = "console_actions"
    /// NamespaceExists: what the server answers when the collection is there.
    private static let exists: Int32 = 48

    private let database: MongoDatabase

    init(database: MongoDatabase) { self.database = database }

    /// Notes that something is about to be done. What cannot be noted must not be done.
    ///
    /// - Throws: `MongoError`.
    func begin(_ entry: ActionEntry) async throws(MongoError) {
        do throws(MongoError) {
            _ = try await database.runCommand([
                "create": .string(Self.name), "capped": true, "size": .int64(1 << 20), "max": .int64(2000),
            ])
        } catch {
            guard error.serverCode == Self.exists else { throw error }
        }
        var stored = BSONWriter()
        stored.append(Field.actionID, entry.id.description)
        stored.append(Field.at, BSONDate(millisecondsSince1970: entry.at.millisecondsSinceEpoch))
        stored.append(Field.who, entry.who)
        stored.append(Field.requestID, entry.requestID)
        stored.append(Field.action, entry.action)
        stored.append(Field.readModel, entry.readModel)
        if let letters = entry.letters { stored.append(Field.letters, Int64(letters)) }
        try await database[Self.name].insertOne(try stored.finish())
    }

    /// Notes how it ended. What was done is done, whether that can be noted or not.
    func end(_ entry: ActionEntry, _ outcome: String) async {
        _ = try? await database[Self.name].insertOne([
            Field.actionID: .string(entry.id.description), Field.outcome: .string(outcome),
        ])
    }

    /// The newest entries, the newest first.
    ///
    /// - Throws: `MongoError`.
    func newest(_ limit: Int) async throws(MongoError) -> [(entry: ActionEntry, outcome: String?)] {
        var outcomes: [String: String] = [:]
        var found: [(entry: ActionEntry, outcome: String?)] = []
        // Ends come behind their beginnings.
        for stored in try await database[Self.name].find(sort: ["$natural": -1], limit: 2 * limit).toArray() {
            guard let id = stored[Field.actionID]?.stringValue else { continue }
            if let outcome = stored[Field.outcome]?.stringValue {
                outcomes[id] = outcome
            } else if let entry = Self.entry(stored, id) {
                found.append((entry, outcomes[id]))
            }
        }
        return Array(found.prefix(limit))
    }

    private static func entry(_ stored: BSONDocument, _ id: String) -> ActionEntry? {
        guard let id = UUIDv7(id), case .date(let at)? = stored[Field.at], let who = stored[Field.who]?.stringValue,
            let requestID = stored[Field.requestID]?.stringValue, let action = stored[Field.action]?.stringValue,
            let readModel = stored[Field.readModel]?.stringValue
        else { return nil }
        return ActionEntry(
            id: id, at: Timestamp(millisecondsSinceEpoch: at.millisecondsSince1970), who: who, requestID: requestID,
            action: action, readModel: readModel, letters: stored[Field.letters]?.intValue)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import ServiceKit

/// The commands on items, from checked requests to answers.
struct ItemCommands: Sendable {
    let handler: CommandHandler<ItemDecider>
    /// Where the query API answers, for `Location`.
    let queryAPI: String

    /// What a request calls an item.
    enum Name {
        /// Its identifier, or what should be one.
        case id(String)
        /// Its SKU, or what should be one.
        case sku(String)
    }

    /// Takes a new item in.
    func create(_ fields: consuming JSONFields, _ origin: CommandOrigin) async throws -> CommandAnswer {
        let now = Timestamp.now()
        let id = UUIDv7(at: now)
        return try await carryOut(
            try ItemRequest.create(id, fields), on: .new(Items.stream(of: id)), origin, at: now,
            if: CommandPreconditions())
    }

    /// Carries out a command on an item that there is.
    ///
    /// - Parameter read: reads the request, given the time.
    func carryOut(
        on name: Name, _ origin: CommandOrigin, if versions: CommandPreconditions,
        _ read: (Timestamp) throws -> ItemRequest
    ) async throws -> CommandAnswer {
        let now = Timestamp.now()
        return try await carryOut(try read(now), on: try target(name), origin, at: now, if: versions)
    }

    private func carryOut(
        _ request: ItemRequest, on target: CommandTarget, _ origin: CommandOrigin, at now: Timestamp,
        if versions: CommandPreconditions
    ) async throws -> CommandAnswer {
        let outcome = try await handler.handle(
            request.command, on: target,
            context: origin.context(
                at: now, Fingerprint.text([target.fingerprint] + request.fingerprint), if: versions))
        return CommandAnswer(outcome, queryAPI: queryAPI)
    }

    private func target(_ name: Name) throws(ItemRejection) -> CommandTarget {
        switch name {
        case .id(let text):
            guard let id = UUIDv7(text) else { throw .noSuchItem }
            return .existing(Items.stream(of: id))
        case .sku(let text):
            guard let sku = try? SKU(text) else { throw .noSuchItem }
            return .holder(of: Items.skuClaim(sku.text))
        }
    }
}

extension CommandTarget {
    /// What names the entity in a fingerprint; a new one has no name that a repeat could know.
    fileprivate var fingerprint: String? {
        switch self {
        case .new: nil
        case .existing(let stream), .any(let stream): stream.name
        case .holder(of: let claim): claim.text
        }
    }
}

extension CommandAnswer {
    fileprivate init(_ outcome: CommandOutcome<ItemDecider.State>, queryAPI: String) {
        var members: [(name: String, value: String)] = []
        var place: String?
        if case .present(let item) = outcome.state {
            members.append(("sku", item.sku))
            place = "\(queryAPI)/api/v1/inventory/items/\(item.id)"
        }
        // Of the event and not of the request: a repeat of a command has the reservation that the first one made.
        if let event = outcome.event, case .reserved(let stock)? = try? ItemEvent.decode(event) {
            members.append(("reservationId", stock.reservationID.description))
        }
        self.init(outcome, members: members, place: place)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import ServiceKit

/// The commands on stock lists, from requests to answers.
struct ListCommands: Sendable {
    let handler: CommandHandler<ListDecider>
    /// Where the query API answers, for `Location`.
    let queryAPI: String

    /// `{"customer","expiresOn"}`: begins a list.
    ///
    /// - Throws: 422 `invalid-fields`, and why it was refused.
    func create(_ fields: consuming JSONFields, _ origin: CommandOrigin) async throws -> CommandAnswer {
        let customer = fields.string("customer", Customer.init(_:))
        let expiresOn = fields.string("expiresOn", ExpiryDate.init(_:))
        try fields.finish()
        guard let customer, let expiresOn else { preconditionFailure("a missing field is an error of its own") }
        let now = Timestamp.now()
        let id = UUIDv7(at: now)
        return try await carryOut(
            .create(CreateList(id: id, customer: customer, expiresOn: expiresOn)), on: .new(Lists.stream(of: id)),
            origin.context(at: now, Fingerprint.text(customer.text, expiresOn.text)))
    }

    /// `{"product","quantity"}`: adds a line.
    ///
    /// - Parameter list: what the request calls the list's identifier; what is none is nobody's.
    /// - Throws: as create(_:_:).
    func addLine(
        to list: String, _ fields: consuming JSONFields, _ origin: CommandOrigin, if versions: CommandPreconditions
    ) async throws -> CommandAnswer {
        let product = fields.string("product", Product.init(_:))
        let quantity = fields.integer("quantity", Quantity.init(_:))
        try fields.finish()
        guard let product, let quantity else { preconditionFailure("a missing field is an error of its own") }
        let stream = try stream(of: list)
        let now = Timestamp.now()
        return try await carryOut(
            .addLine(AddLine(id: UUIDv7(at: now), product: product, quantity: quantity)), on: .existing(stream),
            origin.context(
                at: now, Fingerprint.text(stream.name, product.text, "\(quantity.value)"), if: versions))
    }

    /// Removes a list.
    ///
    /// - Parameter list: as of addLine(to:_:_:if:).
    func delete(
        _ list: String, _ origin: CommandOrigin, if versions: CommandPreconditions
    ) async throws -> CommandAnswer {
        let stream = try stream(of: list)
        return try await carryOut(
            .delete, on: .existing(stream), origin.context(at: .now(), Fingerprint.text(stream.name), if: versions))
    }

    private func carryOut(
        _ command: ListDecider.Command, on target: CommandTarget, _ context: CommandContext
    ) async throws -> CommandAnswer {
        CommandAnswer(try await handler.handle(command, on: target, context: context), queryAPI: queryAPI)
    }

    private func stream(of list: String) throws(ListDecider.Rejection) -> StreamID {
        guard let id = UUIDv7(list) else { throw .noSuchList }
        return Lists.stream(of: id)
    }
}

extension CommandAnswer {
    fileprivate init(_ outcome: CommandOutcome<ListDecider.State>, queryAPI: String) {
        var members: [(name: String, value: String)] = []
        var place: String?
        if case .present(let id, _) = outcome.state { place = "\(queryAPI)/api/v1/inventory/lists/\(id)" }
        // Of the event and not of the request: a repeat of a command has the line that the first one added.
        if let event = outcome.event, case .lineAdded(let line)? = try? ListEvent.decode(event) {
            members.append(("lineId", line.lineID.description))
        }
        self.init(outcome, members: members, place: place)
    }
}

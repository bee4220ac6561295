// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import Inventory
import ServiceKit

/// What `GET …/availability` asks for: whether so many can be had.
struct AvailabilityQuery {
    let quantity: Quantity
    /// The only store that counts; `nil` for any.
    let store: StoreCode?
    /// Which version is wanted at least.
    let condition: VersionCondition?

    /// Reads `quantity`, `store`, `minVersion` and `id`.
    ///
    /// - Throws: 400 `invalid-parameters`.
    init(_ request: Request) throws(ProblemDetails) {
        var parameters = QueryParameters(request)
        let number = parameters.integer("quantity", in: 1...Int64(Quantity.maximum))
        if !parameters.contains("quantity") { parameters.refuse("quantity", "is required") }
        store = parameters.string("store", StoreCode.init(_:))
        condition = VersionCondition.read(&parameters, category: Items.streamCategory)
        try parameters.finish()
        guard let number, let quantity = try? Quantity(Int(number)) else {
            preconditionFailure("a missing parameter is an error of its own")
        }
        self.quantity = quantity
    }
}

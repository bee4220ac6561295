// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import HTTPTypes
import Inventory
import ServiceKit

extension ProblemDetails {
    /// What a rejection is to an HTTP client.
    init(_ rejection: ItemRejection) {
        switch rejection {
        case .alreadyExists, .skuTaken: self.init(ProblemType.skuTaken)
        case .noSuchItem: self.init(ProblemType.itemNotFound)
        case .insufficientStock(let available):
            self.init(
                ProblemType.insufficientStock, detail: "\(available) are available", number: ("available", available))
        case .tooMuchStock:
            self.init(
                ProblemType.tooMuchStock, detail: "a store can have \(Quantity.maximum)",
                number: ("maximum", Quantity.maximum))
        case .tooManyStores:
            self.init(
                ProblemType.tooManyStores, detail: "an item can be in \(ItemDecider.storeLimit) stores",
                number: ("maximum", ItemDecider.storeLimit))
        case .reservationExists: self.init(ProblemType.reservationExists)
        case .tooManyReservations:
            self.init(
                ProblemType.tooManyReservations,
                detail: "\(ItemDecider.reservationLimit) reservations of an item can be open",
                number: ("maximum", ItemDecider.reservationLimit))
        case .notReserved(let reserved):
            self.init(ProblemType.notReserved, detail: "\(reserved) are reserved", number: ("reserved", reserved))
        case .tooManyToRelease:
            self.init(
                ProblemType.tooManyToRelease,
                detail: "\(ItemDecider.releaseLimit) reservations can be released at once",
                number: ("maximum", ItemDecider.releaseLimit))
        case .stockReserved(let reserved):
            self.init(ProblemType.stockReserved, detail: "\(reserved) are reserved", number: ("reserved", reserved))
        }
    }

    private init(_ type: ProblemType, detail: String, number: (name: String, value: Int)) {
        self.init(type, detail: detail)
        extensions.append(number.name, .number(JSONNumber(number.value)))
    }
}

extension ItemRejection: DescribedRefusal {
    var problem: ProblemDetails { ProblemDetails(self) }
}

extension ProblemType {
    /// 404: there is no such item.
    static let itemNotFound = ProblemType(
        "/problems/item-not-found", status: .notFound, title: "There is no such item")
    /// 409: another item has the SKU, in whatever case of letters.
    static let skuTaken = ProblemType(
        "/problems/sku-taken", status: .conflict, title: "The SKU is taken already")
    /// 409: the store has fewer than that to reserve or take away; `available` says how many.
    static let insufficientStock = ProblemType(
        "/problems/insufficient-stock", status: .conflict, title: "There is not enough in stock")
    /// 409: the store would have more than can be counted.
    static let tooMuchStock = ProblemType(
        "/problems/too-much-stock", status: .conflict, title: "There would be too much in stock")
    /// 409: the item would be in too many stores.
    static let tooManyStores = ProblemType(
        "/problems/too-many-stores", status: .conflict, title: "The item is in too many stores")
    /// 409: the reservation is there already.
    static let reservationExists = ProblemType(
        "/problems/reservation-exists", status: .conflict, title: "The reservation is there already")
    /// 409: too many reservations of the item are open.
    static let tooManyReservations = ProblemType(
        "/problems/too-many-reservations", status: .conflict, title: "Too many reservations are open")
    /// 409: so many are not reserved, there or by that reservation; `reserved` says how many are.
    static let notReserved = ProblemType(
        "/problems/not-reserved", status: .conflict, title: "So many are not reserved")
    /// 409: too many reservations would be released at once.
    static let tooManyToRelease = ProblemType(
        "/problems/too-many-to-release", status: .conflict, title: "That touches too many reservations")
    /// 409: something is reserved, so the item cannot go; `reserved` says how many are.
    static let stockReserved = ProblemType(
        "/problems/stock-reserved", status: .conflict, title: "Some of it is reserved")
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory

/// Events of the list that these tests are about.
enum ListScenario {
    static let stream = Lists.stream(of: sampleID)
    static let created = ListEvent.created(ListCreated(id: sampleID, customer: "Ada", expiresOn: "2027-01-31"))
    static let deleted = ListEvent.deleted(ListDeleted(id: sampleID))

    static func added(_ number: Int, _ quantity: Int = 1) -> ListEvent {
        .lineAdded(LineAdded(id: sampleID, lineID: uuid(number), product: "Lamp", quantity: quantity))
    }
}

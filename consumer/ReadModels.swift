// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Inventory
import Users

extension Consumer {
    /// The read models that the consumer keeps: all else that it does for one follows from its projection. A new one is a line
    /// here.
    static let readModels: [any Projection.Type] = [
        UserProjection.self,
        ItemProjection.self,
        ReservationsProjection.self,
        ListProjection.self,
        ListLinesProjection.self,
        EngagementProjection.self,
    ]
}

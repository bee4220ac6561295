// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ServiceKit

/// The commands of all contexts. A new one is a line here.
func makeControllers(_ parts: CommandParts) -> [any HTTPController] {
    [
        UsersController(parts),
        ItemsController(parts),
        ListsController(parts),
        EngagementController(parts),
    ]
}

/// What the OpenAPI document says of each context. A new one is a line here.
let contextDocuments = [
    PackageResources.users_json,
    PackageResources.inventory_json,
    PackageResources.engagement_json,
]

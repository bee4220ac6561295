// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// All that is served. A new context is a line here.
func serveContexts(_ serving: ReadModelServing) -> [ServedContext] {
    [
        serving.users(),
        serving.items(),
        serving.lists(),
        serving.engagement(),
    ]
}

/// What the OpenAPI document says of each context. A new one is a line here.
let contextDocuments = [
    PackageResources.users_json,
    PackageResources.inventory_json,
    PackageResources.engagement_json,
]

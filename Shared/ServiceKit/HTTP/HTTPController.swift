// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Hummingbird

/// Some routes of a service, such as those about one kind of entity.
public protocol HTTPController {
    /// All of them.
    var routes: RouteCollection<ServiceRequestContext> { get }
    /// Those that may be answered ahead of the router.
    var hotRoutes: [HotRoute] { get }
}

extension HTTPController {
    /// None.
    public var hotRoutes: [HotRoute] { [] }
}

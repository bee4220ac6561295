// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Hummingbird
import ServiceKit

/// The routes of the commands on engagement.
struct EngagementController: HTTPController {
    private let commands: EngagementCommands
    private let lines: LineImport

    init(_ parts: CommandParts) {
        commands = EngagementCommands(handler: parts.handler(of: EngagementDecider.self))
        lines = LineImport(scope: "engagement.import", problems: parts.problems)
    }

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        for kind in EngagementRequest.Kind.allCases {
            routes.post("\(kind.rawValue)") { [commands] request, context in
                try request.requireNoExpectation()
                let origin = CommandOrigin(kind.scope, key: try request.idempotencyKey(), context)
                let body = try EngagementRequest(kind, try await request.readJSONFields())
                return try await commands.carryOut(body, origin)
            }
        }
        routes.post("engagement/import") { [commands, lines] request, context in
            try lines.respond(request, context) { fields, origin in
                try await commands.carryOut(EngagementRequest(line: fields), origin)
            }
        }
        return routes
    }

    /// What has a route of its own, without an idempotency key.
    var hotRoutes: [HotRoute] {
        EngagementRequest.Kind.allCases.map { kind in
            .post("/\(kind.rawValue)", bodyLimit: JSONFields.usualLimit) { [commands] request in
                .task {
                    let fields = try JSONFields(parsing: Array(request.body.readableBytesView))
                    let body = try EngagementRequest(kind, fields)
                    let origin = CommandOrigin(kind.scope, key: nil, requestID: request.requestID, trace: request.trace)
                    return HotAnswer(try await commands.carryOut(body, origin))
                }
            }
        }
    }
}

extension EngagementRequest.Kind {
    /// What idempotency keys are unique within. Stored: it never changes.
    fileprivate var scope: String { "engagement.\(rawValue)" }
}

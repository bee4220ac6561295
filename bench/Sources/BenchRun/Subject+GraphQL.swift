// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit
import Foundation

extension Subject {
    /// A hot query by GraphQL, of the same by REST, and of the same by another implementation with the same users in memory.
    static let graphQL = Subject(name: "graphql", needsSystem: true) { system, settings in
        // The first answers are the ones that are kept.
        _ = try system.getHot(settings, "count", settings.hotUsers * 20)
        let rest = try system.getHot(settings, "seconds", settings.loadSeconds).rate
        _ = try system.queryHot(settings, system.port(.queryAPI), "count", settings.hotUsers * 20)
        let own = try system.queryHot(settings, system.port(.queryAPI), "seconds", settings.loadSeconds).rate
        let port = system.place.strawberryPort
        let strawberry = try RunningProgram(
            system.place.strawberry, ["\(port)", SystemUnderTest.seed, "\(settings.hotUsers)"], name: "strawberry",
            directory: URL(filePath: system.place.directory))
        defer { strawberry.stop() }
        // Its first start installs what it needs.
        try waitUntil("strawberry to be ready", within: 120) {
            guard strawberry.isRunning else {
                throw Program.Failure(description: "strawberry ended while it started: see its log")
            }
            return HTTPProbe(port: port).ask(HTTPRequest.get("/")) != nil
        }
        let other = try system.queryHot(settings, port, "seconds", settings.loadSeconds).rate
        return [
            Reading(.hotGetsForQueries, rest), Reading(.strawberryQueries, other), Reading(.hotQueries, own),
        ]
    }
}

extension Metric {
    static let hotGetsForQueries = Metric("GET hot, beside GraphQL", .perSecond)
    static let strawberryQueries = Metric("GraphQL hot, strawberry", .perSecond)
    static let hotQueries = Metric("GraphQL hot", .perSecond, of: hotGetsForQueries, strawberryQueries)
}

extension SystemUnderTest {
    /// Queries the same few users as fast as it goes.
    ///
    /// - Parameter bound: the option that bounds it.
    fileprivate func queryHot(
        _ settings: Settings, _ port: Int, _ bound: String, _ value: any CustomStringConvertible
    ) throws -> LoadReport {
        try place.load(
            "closed", "query-random",
            options: [
                "prefix": Self.seed, "users": settings.hotUsers, "port": port, "connections": settings.connections,
                bound: value,
            ])
    }
}

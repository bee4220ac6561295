// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit
import Foundation

extension Subject {
    /// What broker, database and HTTP can do on this machine when the project is not in the way.
    static let limits = [
        constantServer("http-nio", "http-constant-nio", .nioGets, .nioPosts),
        constantServer("http-hummingbird", "http-constant-hummingbird", .hummingbirdGets, .hummingbirdPosts),
        Subject(name: "raw-confirms", needsSystem: false) { system, settings in
            try [64, 1024].map { window in
                Reading(
                    .confirms(window: window),
                    try system.place.rate(
                        "raw-confirms",
                        options: [
                            "port": system.place.amqpPort, "window": window, "seconds": settings.limitSeconds,
                        ]))
            }
        },
        Subject(name: "raw-find", needsSystem: false) { system, settings in
            try [1, 2, 8].map { Reading(.finds(threads: $0), try mongo("find", threads: $0, system, settings)) }
        },
        Subject(name: "raw-bulk", needsSystem: false) { system, settings in
            try [1, 2].flatMap { threads in
                [
                    Reading(.inserts(threads: threads), try mongo("insert", threads: threads, system, settings)),
                    Reading(.upserts(threads: threads), try mongo("upsert", threads: threads, system, settings)),
                ]
            }
        },
    ]

    private static func mongo(
        _ operation: String, threads: Int, _ system: SystemUnderTest, _ settings: Settings
    ) throws -> Double {
        try system.place.rate(
            "raw-mongo", operation,
            options: ["port": system.place.mongodbPort, "threads": threads, "seconds": settings.limitSeconds])
    }

    private static func constantServer(_ name: String, _ program: String, _ gets: Metric, _ posts: Metric) -> Subject {
        Subject(name: name, needsSystem: false) { system, settings in
            let place = system.place
            let server = try RunningProgram(
                "\(place.programs)/\(program)", ["\(place.constantPort)"], name: program,
                directory: URL(filePath: place.directory))
            defer { server.stop() }
            let probe = HTTPProbe(port: place.constantPort)
            try waitUntil("\(program) to listen", within: 20) { probe.get("/users/a@bench.example") != nil }
            func rate(_ kind: String) throws -> Double {
                try place.load(
                    "closed", kind,
                    options: [
                        "prefix": "any", "users": settings.hotUsers, "port": place.constantPort,
                        "connections": settings.connections, "seconds": settings.limitSeconds,
                    ]
                ).rate
            }
            return [Reading(gets, try rate("get-random")), Reading(posts, try rate("post"))]
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser

/// What `scripts/bench` says of where everything is.
struct PlaceOptions: ParsableArguments {
    @Option(help: .private) var services: String
    @Option(help: .private) var programs: String
    @Option(help: .private) var directory: String
    @Option(help: .private) var otlpReceiver: String
    @Option(help: .private) var strawberry: String
    @Option(help: .private) var amqpPort: Int
    @Option(help: .private) var mongodbPort: Int
    @Option(help: .private) var httpPort: Int
    /// The processes of the servers, `name=pid`.
    @Option(help: .private) var server: [String] = []
    /// What is measured, `name=version`.
    @Option(help: .private) var version: [String] = []
    /// What was typed.
    @Option(help: .private) var command = "scripts/bench"

    func read() throws -> Place {
        Place(
            services: services, programs: programs, directory: directory, otlpReceiver: otlpReceiver,
            strawberry: strawberry, amqpPort: amqpPort, mongodbPort: mongodbPort, httpPort: httpPort,
            servers: try server.map { text in
                guard let (name, value) = Self.pair(text), let pid = Int32(value) else {
                    throw ValidationError("--server must be name=pid")
                }
                return (name, pid)
            })
    }

    var versions: [String: String] {
        Dictionary(version.compactMap { Self.pair($0) }) { first, _ in first }
    }

    private static func pair(_ text: String) -> (String, String)? {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
}

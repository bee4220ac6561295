// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation

/// One of the project's services while it runs.
final class Service {
    enum Name: String, CaseIterable, Sendable {
        case commandAPI = "command-api"
        case queryAPI = "query-api"
        case consumer
    }

    let name: Name
    /// Which of several, from 1.
    let number: Int
    /// From its start until it was ready, in seconds.
    let startTime: Double
    let port: Int
    private let program: RunningProgram

    var pid: Int32 { program.pid }

    /// Starts it, and waits until it is ready.
    ///
    /// - Parameter settings: added to those that it always has.
    init(
        _ name: Name, number: Int = 1, _ place: Place, users: Int, settings: [String: String] = [:]
    ) throws {
        self.name = name
        self.number = number
        let port = place.port(of: name, number: number)
        self.port = port
        let start = ContinuousClock.now
        let program = try RunningProgram(
            "\(place.services)/\(name.rawValue)", name == .consumer ? ["run"] : [],
            name: number == 1 ? name.rawValue : "\(name.rawValue).\(number)",
            directory: URL(filePath: place.directory),
            environment: place.environment(of: name, number: number, users: users)
                .merging(settings) { $1 })
        self.program = program
        do {
            try waitUntil("\(name.rawValue) to be ready", within: 60, every: 0.002) {
                guard program.isRunning else {
                    throw Program.Failure(description: "\(name.rawValue) ended while it started: see its log")
                }
                return HTTPProbe(port: port).get("/ready") != nil
            }
        } catch {
            program.stop()
            throw error
        }
        startTime = (ContinuousClock.now - start) / .seconds(1)
    }

    /// Ends it in order.
    func stop() { program.stop() }

    /// Freezes it.
    func pause() { kill(pid, SIGSTOP) }

    /// Ends the freeze.
    func resume() { kill(pid, SIGCONT) }

    /// The sum of a counter over all its labels; 0 while it does not answer.
    func counter(_ name: String) -> Int { HTTPProbe(port: port).counter(name) ?? 0 }
}

extension Place {
    func port(of service: Service.Name, number: Int = 1) -> Int {
        let index =
            switch service {
            case .commandAPI: 0
            case .queryAPI: 1
            case .consumer: 2
            }
        // The others of several are behind the server that does nothing.
        return number == 1 ? httpPort + index : constantPort + 8 * index + number - 1
    }

    /// A service's settings. Each number of users has databases of its own.
    func environment(of service: Service.Name, number: Int = 1, users: Int) -> [String: String] {
        [
            "HTTP_HOST": "127.0.0.1", "HTTP_PORT": "\(port(of: service, number: number))", "LOG_FORMAT": "text",
            "QUERY_API_URL": "http://localhost:\(port(of: .queryAPI))",
            "MONGODB_URI": "mongodb://127.0.0.1:\(mongodbPort)/?replicaSet=rs0",
            "WRITE_DATABASE": "bench_write_\(users)", "READ_DATABASE": "bench_read_\(users)",
            // The users and passwords that scripts/servers gives its RabbitMQ.
            "AMQP_URL": "amqp://\(service.rawValue):\(service.rawValue)@127.0.0.1:\(amqpPort)/%2F",
        ]
    }
}

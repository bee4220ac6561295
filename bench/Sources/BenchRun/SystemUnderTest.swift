// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit
import Foundation

/// The project while it runs: its three services, on a broker and a database of their own.
final class SystemUnderTest {
    let place: Place
    /// How many users are registered before the first round.
    let users: Int
    private var services: [Service] = []
    /// What services are started with besides.
    private var settings: [String: String] = [:]
    private var prefixes = 0

    /// What the addresses of the users begin with who are there before the first round.
    static let seed = "seed"

    init(_ place: Place, users: Int) {
        self.place = place
        self.users = users
    }

    var isRunning: Bool { !services.isEmpty }

    /// Its processes, and the servers it stands on.
    var processes: [(name: String, pid: Int32)] {
        place.servers
            + services.map { ($0.number == 1 ? $0.name.rawValue : "\($0.name.rawValue) \($0.number)", $0.pid) }
    }

    /// Starts the services that do not run. The consumer is first: it makes what queries need.
    ///
    /// - Returns: how long each took until it was ready.
    @discardableResult
    func start() throws -> [Reading] {
        try [Service.Name.consumer, .commandAPI, .queryAPI].filter { name in !services.contains { $0.name == name } }
            .map { name in
                let service = try Service(name, place, users: users, settings: settings)
                services.append(service)
                return Reading(.ready(name), service.startTime)
            }
    }

    /// Has so many of a service run while something is done.
    ///
    /// - Parameter body: gets them.
    func with<Value>(_ count: Int, _ name: Service.Name, _ body: ([Service]) throws -> Value) throws -> Value {
        defer {
            for service in services where service.name == name && service.number > 1 { service.stop() }
            services.removeAll { $0.name == name && $0.number > 1 }
        }
        for number in 1...count where number > 1 {
            services.append(try Service(name, number: number, place, users: users, settings: settings))
        }
        return try body(services.filter { $0.name == name })
    }

    /// Has the services run with further settings while something is done.
    func with<Value>(_ settings: [String: String], _ body: () throws -> Value) throws -> Value {
        stop()
        self.settings = settings
        defer {
            stop()
            self.settings = [:]
        }
        try start()
        return try body()
    }

    /// Ends all of one service, in order.
    func stop(_ name: Service.Name) {
        services.filter { $0.name == name }.forEach { $0.stop() }
        services.removeAll { $0.name == name }
    }

    /// Ends all services, in order.
    func stop() { Service.Name.allCases.forEach(stop) }

    func port(_ service: Service.Name) -> Int { place.port(of: service) }

    /// What no address has begun with so far.
    func freshPrefix() -> String {
        prefixes += 1
        return "u\(prefixes)x\(UInt32.random(in: 0 ... .max))"
    }

    /// Events that the read models reflect since the consumer's start, together; `nil` while it does not answer.
    func appliedEvents() -> Int? {
        HTTPProbe(port: port(.consumer)).counter("cqrs_projection_events_applied_total")
    }

    /// Events that the relay has published since the command API's start.
    func publishedEvents() -> Int? {
        HTTPProbe(port: port(.commandAPI)).counter("cqrs_relay_published_total")
    }

    /// Waits until the read models reflect so many events more than before.
    func waitUntilApplied(_ events: Int, since before: Int) throws {
        try waitUntil("\(events) events to be applied", within: 300, every: 0.02) {
            (appliedEvents() ?? 0) >= before + events
        }
    }

    /// Registers users, or carries out other commands, and waits until the read models have what came of it.
    ///
    /// - Parameters:
    ///   - events: how many events are applied for each command, in all read models together.
    ///   - register: says how many commands there were.
    func registering(applying events: Int = 1, _ register: () throws -> LoadReport) throws -> LoadReport {
        let before = appliedEvents() ?? 0
        let report = try register()
        try waitUntilApplied(report.succeeded * events, since: before)
        return report
    }

    /// Runs one of the consumer's commands.
    ///
    /// - Returns: what it printed.
    func consumer(_ arguments: String..., within seconds: Double) throws -> String {
        try Program(
            path: "\(place.services)/consumer", arguments: arguments,
            environment: place.environment(of: .consumer, users: users)
        ).run(within: seconds)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit
import Foundation
import Synchronization

extension Subject {
    /// What commands cost while more and more query services answer.
    static let queryServices = Subject(name: "query-services", needsSystem: true) { system, settings in
        try [1, 2, 5].flatMap { count in
            try system.with(count, .queryAPI) { services in
                let readers = Readers(system.place, services.map(\.port), settings)
                // From memory, and told of changes.
                Thread.sleep(forTimeInterval: 1)
                let observation = Observation(system.processes)
                let report = try system.registering {
                    try system.place.load(
                        "closed", "post",
                        options: [
                            "prefix": system.freshPrefix(), "port": system.port(.commandAPI),
                            "connections": settings.connections, "seconds": settings.loadSeconds,
                        ])
                }
                let seconds = observation.seconds()
                try readers.wait()
                let cpu = seconds.filter { !$0.name.hasPrefix(Service.Name.queryAPI.rawValue) }.map {
                    Reading(.cpu($0.name, queryServices: count), $0.seconds / Double(report.succeeded) * 1e6)
                }
                return [Reading(.accepted(queryServices: count), report.rate)] + cpu
            }
        }
    }

    /// Asks each query service for users that it has in memory, for somewhat longer than commands are sent.
    private final class Readers: Sendable {
        private let group = DispatchGroup()
        private let failure = Mutex<(any Error)?>(nil)

        init(_ place: Place, _ ports: [Int], _ settings: Settings) {
            for port in ports {
                DispatchQueue.global().async(group: group) { [self] in
                    do {
                        _ = try place.load(
                            "open", "get-random",
                            options: [
                                "prefix": SystemUnderTest.seed, "users": settings.hotUsers, "port": port, "rate": 100.0,
                                "seconds": settings.loadSeconds + 2,
                            ])
                    } catch {
                        failure.withLock { $0 = error }
                    }
                }
            }
        }

        func wait() throws {
            group.wait()
            if let error = failure.withLock({ $0 }) { throw error }
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit
import Foundation

extension Subject {
    /// What commands and hot queries cost while none, some and all of them are traced.
    static let tracing = Subject(name: "tracing", needsSystem: true) { system, settings in
        let receiver = try RunningProgram(
            system.place.otlpReceiver, ["\(system.place.otlpPort)"], name: "otlp-receiver",
            directory: URL(filePath: system.place.directory), isLogged: false)
        defer { receiver.stop() }
        // Its first start installs what it needs.
        try waitUntil("the receiver of spans to be ready", within: 120) {
            guard receiver.isRunning else {
                throw Program.Failure(description: "the receiver of spans ended while it started: see its log")
            }
            // It answers requests that it does not know as well.
            return HTTPProbe(port: system.place.otlpPort).ask(HTTPRequest.get("/")) != nil
        }
        let readings: [Reading] = try TracedShare.allCases.flatMap { share in
            try system.with(share.settings(system.place.otlpPort)) { try measure(share, system, settings) }
        }
        // Whoever has the next turn finds them running, as ever.
        try system.start()
        return readings
    }

    private static func measure(
        _ share: TracedShare, _ system: SystemUnderTest, _ settings: Settings
    ) throws -> [Reading] {
        let start = ContinuousClock.now
        let beforePosts = Observation(system.processes)
        let posts = try system.registering { try system.post(settings, "seconds", settings.loadSeconds) }
        let postSeconds = beforePosts.seconds()
        // The first answers are the ones that are kept.
        _ = try system.getHot(settings, "count", settings.hotUsers * 20)
        let beforeGets = Observation(system.processes)
        let gets = try system.getHot(settings, "seconds", settings.loadSeconds)
        let getSeconds = beforeGets.seconds()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        func cpu(_ service: Service.Name, _ seconds: [(name: String, seconds: Double)], per count: Int) -> Double {
            (seconds.first { $0.name == service.rawValue }?.seconds ?? 0) / Double(count) * 1e6
        }
        var readings = [
            Reading(.accepted(share), posts.rate), Reading(.hotGets(share), gets.rate),
            Reading(.postCPU(share), cpu(.commandAPI, postSeconds, per: posts.succeeded)),
            Reading(.getCPU(share), cpu(.queryAPI, getSeconds, per: gets.succeeded)),
        ]
        if share != .none {
            readings += [
                Reading(.exported(share), Double(system.spans("otlp_spans_exported_total")) / seconds),
                Reading(.dropped(share), Double(system.spans("otlp_spans_dropped_total")) / seconds),
            ]
        }
        return readings
    }
}

extension SystemUnderTest {
    /// A counter of spans since the services' start, of all of them.
    fileprivate func spans(_ counter: String) -> Int {
        Service.Name.allCases.compactMap { HTTPProbe(port: port($0)).counter(counter) }.reduce(0, +)
    }
}

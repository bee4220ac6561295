// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit

extension Subject {
    /// How many events a short stream has to begin with.
    static let fewEvents = 10
    /// How many commands a short stream takes: with them it still is one, read in one look (docs/decisions/0029).
    private static let commandsOnShort = 80

    /// What a command costs on a stream of many events, and what on one of few.
    static let streamLong = Subject(name: "stream-long", needsSystem: true) { system, settings in
        let long = "long"
        try system.lengthen(long, to: settings.streamEvents)
        return try warm(long, system, settings) + cold(long, system, settings)
    }

    /// The long stream's state is in command-api's memory. Of a short one there is none, however often it is asked for.
    private static func warm(_ long: String, _ system: SystemUnderTest, _ settings: Settings) throws -> [Reading] {
        let count = settings.streamCommands
        _ = try system.adjust(long)
        func both(clients: Int) throws -> (short: LoadReport, long: LoadReport) {
            let short = try system.takeInShort((count + commandsOnShort - 1) / commandsOnShort)
            return (
                try system.adjust(short, each: commandsOnShort, count: count, clients: clients),
                try system.adjust(long, each: count, count: count, clients: clients)
            )
        }
        let (one, eight) = (try both(clients: 1), try both(clients: 8))
        return [
            Reading(.warmCommand(events: fewEvents), one.short.latency.p50),
            Reading(.warmCommand(events: settings.streamEvents), one.long.latency.p50),
            Reading(.warmCommands(events: fewEvents), eight.short.rate),
            Reading(.warmCommands(events: settings.streamEvents), eight.long.rate),
        ]
    }

    /// A command-api that has just started knows no stream.
    private static func cold(_ long: String, _ system: SystemUnderTest, _ settings: Settings) throws -> [Reading] {
        let short = try system.takeInShort(settings.restarts + 1)
        let times = try (1...settings.restarts).map { restart in
            system.stop(.commandAPI)
            try system.start()
            // What all commands share is ready after this one, and only the stream is new.
            _ = try system.adjust(short)
            func onShort() throws -> Double { try system.adjust(short, first: restart).latency.p50 }
            func onLong() throws -> Double { try system.adjust(long).latency.p50 }
            // Neither is always the first.
            if restart.isMultiple(of: 2) { return (short: try onShort(), long: try onLong()) }
            let time = try onLong()
            return (short: try onShort(), long: time)
        }
        return [(fewEvents, times.map(\.short)), (settings.streamEvents, times.map(\.long))].compactMap {
            events, times in
            median(times).map { Reading(.coldCommand(events: events), $0) }
        }
    }
}

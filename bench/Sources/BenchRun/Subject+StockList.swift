// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit

extension Subject {
    /// A stock list gets all the lines that it can have.
    static let listLines = Subject(name: "list-lines", needsSystem: true) { system, settings in
        let list = try system.beginList()
        let prefix = system.freshPrefix()
        let tenth = settings.listLines / 10

        // Evenly, so that there are exactly so many: a list takes no more than it can have.
        func followed(_ part: Metric.ListPart, from first: Int) throws -> [Reading] {
            let report = try system.registering(applying: 2) {
                try system.place.load(
                    "visible", "add-line", "--evenly",
                    options: [
                        "prefix": prefix, "first": first, "list": list,
                        "rate": Double(tenth) / settings.openSeconds, "seconds": settings.openSeconds,
                        "port": system.port(.commandAPI), "query-port": system.port(.queryAPI),
                    ])
            }
            guard let visible = report.visible else { return [] }
            return [Reading(.lineAdded(part), report.latency.p50), Reading(.lineVisible(part), visible.p50)]
        }

        let first = try followed(.firstTenth, from: 0)
        let rest = settings.listLines - 2 * tenth
        let between = try system.registering(applying: 2) {
            try system.place.load(
                "closed", "add-line",
                options: [
                    "prefix": prefix, "first": tenth, "list": list, "count": rest, "seconds": 150,
                    "port": system.port(.commandAPI), "connections": settings.connections,
                ])
        }
        guard between.succeeded == rest else {
            throw Program.Failure(description: "there was time for only \(between.succeeded) of \(rest) lines")
        }
        let last = try followed(.lastTenth, from: settings.listLines - tenth)
        return first + [Reading(.linesBetween, between.rate)] + last
    }
}

extension SystemUnderTest {
    /// Begins a stock list.
    ///
    /// - Returns: its identifier.
    fileprivate func beginList() throws -> String {
        let before = appliedEvents() ?? 0
        let answer = HTTPProbe(port: port(.commandAPI)).ask(HTTPRequest.post(BenchList.collection, BenchList.json))
        guard let answer, answer.status == 202, let id = answer.member("id") else {
            throw Program.Failure(description: "no list could be begun")
        }
        try waitUntilApplied(2, since: before)
        return id
    }
}

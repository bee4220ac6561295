// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit

/// Events of items and of lists are applied to two read models each.
extension SystemUnderTest {
    /// Takes items in, in two events each.
    ///
    /// - Returns: what their SKUs begin with.
    func takeIn(_ items: Int) throws -> String {
        let prefix = freshPrefix()
        try takeIn(items, prefix)
        return prefix
    }

    private func takeIn(_ items: Int, _ prefix: String) throws {
        _ = try registering(applying: 4) {
            try place.load(
                "closed", "create-item", options: ["prefix": prefix, "port": port(.commandAPI), "count": items])
        }
    }

    /// Takes items in whose streams have a few events.
    ///
    /// - Returns: what their SKUs begin with.
    func takeInShort(_ items: Int) throws -> String {
        let prefix = try takeIn(items)
        let rest = Subject.fewEvents - 2
        _ = try adjust(prefix, each: rest, count: items * rest, clients: 32)
        return prefix
    }

    /// Makes the stream of one item as long as it should be, the first time: afterwards it is, and somewhat longer.
    func lengthen(_ prefix: String, to events: Int) throws {
        let item = HTTPProbe(port: port(.queryAPI)).ask(HTTPRequest.get(BenchItem(prefix, 0).path))
        var version = item?.member("version").flatMap { Int($0) } ?? 0
        if version == 0 {
            try takeIn(1, prefix)
            version = 2
        }
        while version < events {
            version += try adjust(prefix, each: events, count: min(events - version, 10_000), clients: 32).succeeded
        }
    }

    /// Takes items out of stock, with an event for each command.
    ///
    /// - Parameters:
    ///   - first: the number of the first item.
    ///   - each: how many commands are on one item before the next one has its turn.
    ///   - count: how many commands there are.
    ///   - clients: how many send them at the same time.
    func adjust(
        _ prefix: String, first: Int = 0, each: Int = 1, count: Int = 1, clients: Int = 1
    ) throws -> LoadReport {
        try registering(applying: 2) {
            try place.load(
                "closed", "adjust",
                options: [
                    "prefix": prefix, "first": first, "each": each, "port": port(.commandAPI), "connections": clients,
                    "count": count,
                ])
        }
    }
}

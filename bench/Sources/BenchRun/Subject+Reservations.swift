// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit

extension Subject {
    /// Among how many items those choose who do not meet on one.
    static let manyItems = 1000

    /// All clients reserve the same item.
    static let reserveOne = reserve("reserve-one", items: 1)
    /// Each reserves one of many.
    static let reserveMany = reserve("reserve-many", items: manyItems)

    private static func reserve(_ name: String, items: Int) -> Subject {
        Subject(name: name, needsSystem: true) { system, settings in
            let prefix = try system.takeIn(items)
            let report = try system.registering(applying: 2) {
                try system.place.load(
                    "reserve",
                    options: [
                        "prefix": prefix, "items": items, "port": system.port(.commandAPI),
                        "connections": settings.connections, "seconds": settings.loadSeconds,
                    ])
            }
            return [
                Reading(.reserved(items: items), report.rate),
                Reading(.refused(items: items), Double(report.refused) / report.seconds),
            ]
        }
    }
}

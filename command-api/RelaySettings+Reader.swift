// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Configuration
import ServiceKit

extension RelaySettings {
    /// Reads from a reader, usually scoped to `relay`.
    ///
    /// - `backlogLimit` (`RELAY_BACKLOG_LIMIT`, events, 1 to 100000000, default 1000000)
    /// - `memoryLimit` (`RELAY_MEMORY_LIMIT`, events, 1 to 1000000, default 10000)
    /// - `takeoverMs` (`RELAY_TAKEOVER_MS`, 1000 to 600000, default 5000); a writer's heartbeat follows from it, so it must
    ///   be the same for all instances
    /// - `settleMs` (`RELAY_SETTLE_MS`, 1000 to 3600000, default 60000)
    ///
    /// - Throws: ``ConfigurationError`` with the name of the variable.
    init(reader: ConfigReader) throws(ConfigurationError) {
        self.init()
        backlogLimit = try reader.boundedInt("backlogLimit", default: backlogLimit, in: 1...100_000_000)
        memoryLimit = try reader.boundedInt("memoryLimit", default: memoryLimit, in: 1...1_000_000)
        takeoverAfter = try reader.milliseconds("takeoverMs", default: takeoverAfter, in: 1000...600_000)
        settleTime = try reader.milliseconds("settleMs", default: settleTime, in: 1000...3_600_000)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Configuration
import OperatorKit
import ServiceKit

/// Everything that can be set from outside, read once.
struct ConsumerConfiguration: Sendable {
    /// Where events and read models are.
    let system: SystemConfiguration
    let http: HTTPConfiguration
    /// `CONSUMER_PREFETCH`: how many deliveries may wait for their acknowledgement, 1 to 65,535. Default 2,000.
    let prefetch: UInt16
    /// `CONSUMER_BATCH_SIZE`: the most deliveries in one bulk write, 1 to 10,000. Default 500.
    let batchSize: Int
    /// What to do after each step of a batch.
    let onStep: @Sendable (ProjectorStep) -> Void

    init(reader: ConfigReader) throws {
        system = try SystemConfiguration(reader: reader)
        http = try HTTPConfiguration(reader: reader.scoped(to: "http"), defaultPort: Consumer.defaultPort)
        let consumer = reader.scoped(to: "consumer")
        prefetch = UInt16(try consumer.boundedInt("prefetch", default: 2000, in: 1...65_535))
        batchSize = try consumer.boundedInt("batchSize", default: 500, in: 1...10_000)
        #if DEBUG
        let crashPoint = try CrashPoint<ProjectorStep>(reader: reader)
        onStep = { crashPoint?.pass($0) }
        #else
        onStep = { _ in }
        #endif
    }
}

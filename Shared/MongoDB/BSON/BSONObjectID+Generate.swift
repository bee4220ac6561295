// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension BSONObjectID {
    /// Makes a new identifier: the present second, 5 bytes that are random for this process, and a counter.
    ///
    /// Unique across processes with overwhelming probability, as the BSON ObjectId specification describes it.
    public init() {
        let seconds = UInt64(UInt32(truncatingIfNeeded: Int64(Date().timeIntervalSince1970)))
        let count = Generator.counter.wrappingAdd(1, ordering: .relaxed).newValue
        let process = Generator.process
        self.init(
            high: seconds << 32 | process >> 8,
            low: UInt32(truncatingIfNeeded: process & 0xFF) << 24 | count & 0xFF_FFFF)
    }

    private enum Generator {
        static let process = UInt64.random(in: 0...0xFF_FFFF_FFFF)
        static let counter = Atomic<UInt32>(UInt32.random(in: 0...0xFF_FFFF))
    }
}

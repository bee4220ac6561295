// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import TestSupport
import Testing

/// Snapshots of states.
extension EventStoreContract {
    private func snapshot(_ stream: StreamID, _ version: Int64, schema: Int = 1) -> StateSnapshot {
        StateSnapshot(
            stream: stream, version: version, lastEvent: UUIDv7(at: .now()),
            recordedAt: Timestamp(millisecondsSinceEpoch: 1_772_366_400_000), schema: schema,
            state: Array("state \(version)".utf8) + [0, 255])
    }

    @Test("gives the last snapshot of a stream up to a version, of the form that is wanted, as it was kept")
    func snapshots() async throws {
        let (stream, other) = (makeStream(), makeStream())
        try await withEach { store async throws in
            let kept = [snapshot(stream, 500), snapshot(stream, 1000), snapshot(stream, 1500, schema: 2)]
            for snapshot in kept { store.keep(snapshot) }
            store.keep(snapshot(other, 700))
            try await eventually("kept") {
                try await store.snapshot(of: other, schema: 1, through: .max)?.version == 700
            }
            #expect(try await store.snapshot(of: stream, schema: 1, through: .max) == kept[1])
            #expect(try await store.snapshot(of: stream, schema: 1, through: 1000) == kept[1])
            #expect(try await store.snapshot(of: stream, schema: 1, through: 999) == kept[0])
            #expect(try await store.snapshot(of: stream, schema: 1, through: 499) == nil)
            #expect(try await store.snapshot(of: stream, schema: 2, through: .max) == kept[2])
            #expect(try await store.snapshot(of: makeStream(), schema: 1, through: .max) == nil)
        }
    }

    @Test("keeps no more snapshots the longer a stream is")
    func oldSnapshots() async throws {
        let stream = makeStream()
        try await withEach { store async throws in
            for version in [500, 1000, StateSnapshot.reach + 500] { store.keep(snapshot(stream, version)) }
            try await eventually("kept") {
                try await store.snapshot(of: stream, schema: 1, through: .max)?.version == StateSnapshot.reach + 500
            }
            try await eventually("gone") {
                try await store.snapshot(of: stream, schema: 1, through: 500) == nil
            }
            #expect(try await store.snapshot(of: stream, schema: 1, through: 1000)?.version == 1000)
            let last = try await store.snapshot(of: stream, schema: 1, through: .max)
            #expect(last?.version == StateSnapshot.reach + 500)
        }
    }
}

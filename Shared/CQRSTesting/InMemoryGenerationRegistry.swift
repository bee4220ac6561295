// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials
internal import Synchronization

/// A registry of generations in memory for tests and trials. The same contract suite runs against it and the real one.
public final class InMemoryGenerationRegistry: GenerationRegistry {
    private struct Entry {
        var record = GenerationRecord()
        var owner: UUIDv7?
        var heard = ContinuousClock.now
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// A registry in which nothing is written.
    public init() {}

    /// What is written.
    public func read(_ readModel: String) async -> GenerationRecord {
        entries.withLock { $0[readModel]?.record ?? GenerationRecord() }
    }

    /// What is written of every read model.
    public func readAll() async -> [String: Result<GenerationRecord, any Error>] {
        entries.withLock { $0.mapValues { .success($0.record) } }
    }

    /// Takes the lease, if it is free or its holder silent.
    public func take(
        _ readModel: String, for owner: UUIDv7, silentFor silence: Duration
    ) async -> GenerationRecord? {
        entries.withLock { entries in
            var entry = entries[readModel] ?? Entry()
            if let holder = entry.owner, holder != owner, ContinuousClock.now - entry.heard <= silence { return nil }
            entry.owner = owner
            entry.heard = .now
            entries[readModel] = entry
            return entry.record
        }
    }

    /// Shows that the holder lives.
    public func hold(_ readModel: String, as owner: UUIDv7) async -> Bool {
        entries.withLock { entries in
            guard entries[readModel]?.owner == owner else { return false }
            entries[readModel]?.heard = .now
            return true
        }
    }

    /// Writes a state over the revision before it.
    public func write(_ record: GenerationRecord, of readModel: String, as owner: UUIDv7) async -> GenerationRecord? {
        entries.withLock { entries in
            guard let entry = entries[readModel], entry.owner == owner, entry.record.revision == record.revision
            else { return nil }
            let written = GenerationRecord(state: record.state, revision: record.revision + 1)
            entries[readModel]?.record = written
            entries[readModel]?.heard = .now
            return written
        }
    }

    /// Gives the lease up.
    public func release(_ readModel: String, as owner: UUIDv7) async {
        entries.withLock { entries in
            if entries[readModel]?.owner == owner { entries[readModel]?.owner = nil }
        }
    }
}

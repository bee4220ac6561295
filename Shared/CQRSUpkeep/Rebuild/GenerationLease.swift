// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import Synchronization

/// The right to change a read model's generations, held for the time of a body.
final class GenerationLease: Sendable {
    private let registry: any GenerationRegistry
    private let readModel: String
    private let owner: UUIDv7
    private let record: Mutex<GenerationRecord>

    private init(_ registry: any GenerationRegistry, _ readModel: String, _ owner: UUIDv7, _ record: GenerationRecord) {
        self.registry = registry
        self.readModel = readModel
        self.owner = owner
        self.record = Mutex(record)
    }

    /// Takes the lease, runs a body, and gives the lease up.
    ///
    /// - Parameter silence: after which a holder is taken for dead. One that was killed makes this wait for so long.
    /// - Throws: ``RebuildRefusal/busy`` when another holder lives; what the body throws.
    static func with<Value: Sendable>(
        _ registry: any GenerationRegistry, _ readModel: String, silence: Duration,
        _ body: (GenerationLease) async throws -> Value
    ) async throws -> Value {
        let owner = UUIDv7(at: .now())
        let record = try await take(registry, readModel, owner, silence)
        let lease = GenerationLease(registry, readModel, owner, record)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    try await Task.sleep(for: silence / 5)
                    // After one that fails comes the next; who has lost the lease learns it by the next change.
                    _ = try? await registry.hold(readModel, as: owner)
                }
            }
            defer { group.cancelAll() }
            do {
                let value = try await body(lease)
                try? await registry.release(readModel, as: owner)
                return value
            } catch {
                try? await registry.release(readModel, as: owner)
                throw error
            }
        }
    }

    private static func take(
        _ registry: any GenerationRegistry, _ readModel: String, _ owner: UUIDv7, _ silence: Duration
    ) async throws -> GenerationRecord {
        let deadline = ContinuousClock.now + silence * 1.2
        while true {
            if let record = try await registry.take(readModel, for: owner, silentFor: silence) { return record }
            guard ContinuousClock.now < deadline else { throw RebuildRefusal.busy }
            try await Task.sleep(for: min(silence / 10, .milliseconds(500)))
        }
    }

    /// What is written.
    var state: GenerationState { record.withLock { $0.state } }

    /// Changes what is written. One call at a time.
    ///
    /// - Throws: ``RebuildRefusal/leaseLost``; the registry's errors.
    func change(_ body: (inout GenerationState) -> Void) async throws {
        var next = record.withLock { $0 }
        let before = next
        body(&next.state)
        guard next != before else { return }
        let wanted = next
        let written = try await repeatingPassing { () async throws -> GenerationRecord in
            if let written = try await registry.write(wanted, of: readModel, as: owner) { return written }
            // The answer to an earlier attempt may have got lost.
            let found = try await registry.read(readModel)
            guard found.revision == wanted.revision + 1, found.state == wanted.state else {
                throw RebuildRefusal.leaseLost
            }
            return found
        }
        record.withLock { $0 = written }
    }
}

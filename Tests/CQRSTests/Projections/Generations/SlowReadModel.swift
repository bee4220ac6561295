// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import TestSupport

/// A read model whose answers wait at a gate, if there is one.
struct SlowReadModel: GenerationReadModel {
    let model: InMemoryReadModel<Count>
    let gate: Gate?

    func prepare() async throws {}

    func load(_ streams: Set<StreamID>) async throws -> [StreamID: Count] {
        await gate?.pass()
        return await model.load(streams)
    }

    func first(where field: ReadModelField<Count>, equals value: String) async throws -> Count? {
        await gate?.pass()
        return await model.first(where: field, equals: value)
    }

    func matches(where field: ReadModelField<Count>, equals value: String) async throws -> [StreamID: Count] {
        await gate?.pass()
        return await model.matches(where: field, equals: value)
    }

    func write(_ changes: [ReadModelChange<Count>]) async throws -> Set<StreamID> { await model.write(changes) }
    func streams(after stream: StreamID?, limit: Int) async throws -> [StreamID] {
        await model.streams(after: stream, limit: limit)
    }
    func remove(_ stream: StreamID, at version: Int64) async throws -> Bool { await model.remove(stream, at: version) }
    func versions(after stream: StreamID?, limit: Int) async throws -> [(stream: StreamID, version: Int64)] {
        await model.versions(after: stream, limit: limit)
    }
    func compareSums(_ found: ([SumDifference]) async throws -> Void) async throws -> Int {
        try await model.compareSums(found)
    }
    func mend(_ differences: [SumDifference]) async throws { await model.mend(differences) }
    func drop() async throws { await model.drop() }
}

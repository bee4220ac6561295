// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Synchronization

/// A read model whose writer is cut off in its first write, at one of the places where it may be.
final class CutReadModel: ReadModel {
    enum Place {
        case betweenEntriesAndDocument
        case betweenTombstoneAndEntries
    }

    let model: InMemoryReadModel<Tally>
    private let place: Place
    private let isCut = Mutex(false)

    init(_ model: InMemoryReadModel<Tally>, _ place: Place) {
        self.model = model
        self.place = place
    }

    func prepare() async throws {}

    func load(_ streams: Set<StreamID>) async throws -> [StreamID: Tally] { await model.load(streams) }

    func first(where field: ReadModelField<Tally>, equals value: String) async throws -> Tally? { nil }

    func write(_ changes: [ReadModelChange<Tally>]) async throws -> Set<StreamID> {
        let isFirst = isCut.withLock { isCut in
            defer { isCut = true }
            return !isCut
        }
        guard isFirst else { return await model.write(changes) }
        switch place {
        case .betweenEntriesAndDocument:
            // Computed from what is not there, so the documents are refused.
            _ = await model.write(
                changes.map {
                    ReadModelChange(
                        stream: $0.stream, baseVersion: .max, document: $0.document, entries: $0.entries)
                })
        case .betweenTombstoneAndEntries:
            let before = model.entries
            _ = await model.write(changes)
            model.restore(before)
        }
        throw Away()
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization

/// A read model in memory for tests and trials. The same contract suite runs against it and the real store.
public final class InMemoryReadModel<Document: ReadModelDocument>: ReadModel {
    private let documents = Mutex<[StreamID: Document]>([:])

    /// A read model without documents.
    public init() {}

    /// Everything kept, at this moment.
    public var snapshot: [StreamID: Document] { documents.withLock { $0 } }

    /// Nothing has to be prepared.
    public func prepare() async {}

    /// The documents that exist.
    public func load(_ streams: Set<StreamID>) async -> [StreamID: Document] {
        documents.withLock { documents in documents.filter { streams.contains($0.key) } }
    }

    /// Writes each document whose stored version is its base version; returns the other streams.
    public func write(_ changes: [ReadModelChange<Document>]) async -> Set<StreamID> {
        documents.withLock { documents in
            var lost: Set<StreamID> = []
            for change in changes {
                if documents[change.stream]?.version ?? 0 == change.baseVersion {
                    documents[change.stream] = change.document
                } else {
                    lost.insert(change.stream)
                }
            }
            return lost
        }
    }

    /// Looks through all documents.
    public func first(where field: ReadModelField<Document>, equals value: String) async -> Document? {
        documents.withLock { documents in
            documents.filter { field.value($0.value) == value }.min { $0.key.name < $1.key.name }?.value
        }
    }
}

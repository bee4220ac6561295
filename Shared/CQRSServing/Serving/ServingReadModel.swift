// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials

/// A read model as queries see it, whichever generation serves.
///
/// During a switch both generations are read, and for each stream the newer document counts: so nobody ever sees an older
/// one than before, whichever of several query services answers.
public struct ServingReadModel<Model: GenerationReadModel>: ReadModelQueries {
    /// What tells which generations to read.
    public let follower: GenerationFollower
    private let model: @Sendable (Generation) -> Model

    /// Reads what a follower names.
    ///
    /// - Parameters:
    ///   - follower: run by somebody else.
    ///   - model: gives a generation's documents; cheap.
    public init(_ follower: GenerationFollower, model: @escaping @Sendable (Generation) -> Model) {
        self.follower = follower
        self.model = model
    }

    /// The documents that exist, for each stream the newest.
    ///
    /// - Throws: an error with a ``FailureCategory``; `unavailable` also when nobody can tell which generation serves.
    public func load(_ streams: Set<StreamID>) async throws -> [StreamID: Model.Document] {
        try await reading(\.read) { models in try await Self.load(streams, from: models) }
    }

    /// The document with a value in a field; see ``ReadModelQueries/first(where:equals:)``.
    ///
    /// - Throws: as ``load(_:)``.
    public func first(
        where field: ReadModelField<Model.Document>, equals value: String
    ) async throws -> Model.Document? {
        try await reading(\.read) { models in
            if models.count == 1 { return try await models[0].first(where: field, equals: value) }
            var candidates: Set<StreamID> = []
            for model in models { candidates.formUnion(try await model.matches(where: field, equals: value).keys) }
            // What matches in one may have moved on in the other.
            return try await Self.load(candidates, from: models).filter {
                field.value($0.value)?.isExactly(value) == true
            }
            .max { ($0.value.updatedAt, $0.key.name) < ($1.value.updatedAt, $1.key.name) }?.value
        }
    }

    /// Reads, and reads again if other generations are to be read meanwhile: what was read may have been removed.
    fileprivate func reading<Value>(
        _ generations: (GenerationState) -> [Generation], _ body: ([Model]) async throws -> Value
    ) async throws -> Value {
        var read = generations(try await follower.current())
        while true {
            let result: Result<Value, any Error>
            do { result = .success(try await body(read.map(model))) } catch { result = .failure(error) }
            let now = generations(try await follower.current())
            if now == read { return try result.get() }
            read = now
        }
    }

    private static func load(_ streams: Set<StreamID>, from models: [Model]) async throws -> [StreamID: Model.Document]
    {
        var newest: [StreamID: Model.Document] = [:]
        guard !streams.isEmpty else { return newest }
        for model in models {
            newest.merge(try await model.load(streams)) { DocumentAge($0) < DocumentAge($1) ? $1 : $0 }
        }
        return newest
    }
}

extension ServingReadModel: ReadModelEntries {
    /// The entries between two positions, of all generations that are read: one that is behind has fewer, none has other.
    ///
    /// - Throws: as ``load(_:)``.
    public func entries(
        after start: EventPosition, through end: EventPosition, limit: Int?
    ) async throws -> [(position: EventPosition, entry: Model.Document.Entry)] {
        try await reading(\.read) { models in
            if models.count == 1 { return try await models[0].entries(after: start, through: end, limit: limit) }
            var found: [EventPosition: Model.Document.Entry] = [:]
            for model in models {
                for (position, entry) in try await model.entries(after: start, through: end, limit: limit) {
                    found[position] = entry
                }
            }
            let inOrder = found.sorted { $0.key < $1.key }.map { (position: $0.key, entry: $0.value) }
            return limit.map { Array(inOrder.prefix($0)) } ?? inOrder
        }
    }
}

extension ServingReadModel: ReadModelListing where Model: ReadModelListing {
    /// A page of the generation that serves: it is never behind what was listed before, though for a moment of a switch
    /// it stands still.
    ///
    /// - Throws: as ``load(_:)``.
    public func page(
        by field: ReadModelField<Model.Document>, prefix: String, after position: ReadModelPosition?, limit: Int
    ) async throws -> ReadModelPage<Model.Document> {
        try await reading {
            [$0.serving]
        } _: { models in
            try await models[0].page(by: field, prefix: prefix, after: position, limit: limit)
        }
    }
}

extension ServingReadModel: SumQueries where Model: SumQueries {
    /// Rows of the generation that serves: no sum falls by a switch, though for a moment of it they stand still.
    ///
    /// - Throws: as ``load(_:)``.
    public func rows(of table: SumTable, _ keys: Set<String>) async throws -> [String: SumRow] {
        try await reading {
            [$0.serving]
        } _: { models in
            try await models[0].rows(of: table, keys)
        }
    }

    /// The first rows of the generation that serves.
    ///
    /// - Throws: as ``load(_:)``.
    public func top(
        of table: SumTable, by rank: [String], atLeast least: (column: String, value: Int64)?, limit: Int
    ) async throws -> [SumRow] {
        try await reading {
            [$0.serving]
        } _: { models in
            try await models[0].top(of: table, by: rank, atLeast: least, limit: limit)
        }
    }
}

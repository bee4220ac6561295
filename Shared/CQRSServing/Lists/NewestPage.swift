// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

extension ReadModelPage {
    /// A page of several read models of the same streams: for each stream the newest document counts, and what an older
    /// one says does not.
    ///
    /// - Parameters: as of ``ReadModelListing/page(by:prefix:after:limit:)``, after the read models, at least one.
    /// - Returns: a page that may hold fewer entries than there are, even none, and still have a next one.
    /// - Throws: what the read models throw.
    public static func newest<Model: ReadModelListing<Document>>(
        of models: [Model], by field: ReadModelField<Document>, prefix: String, after position: ReadModelPosition?,
        limit: Int
    ) async throws -> ReadModelPage {
        var pages: [ReadModelPage] = []
        for model in models {
            pages.append(try await model.page(by: field, prefix: prefix, after: position, limit: limit))
        }
        guard models.count > 1 else { return pages.first ?? ReadModelPage(entries: [], next: nil) }
        var newest: [StreamID: Document] = [:]
        let streams = Set(pages.flatMap { $0.entries.map(\.stream) })
        for model in models where !streams.isEmpty {
            newest.merge(try await model.load(streams)) { $0.version < $1.version ? $1 : $0 }
        }
        // Up to where the shortest page ends, everything newest is on one of the pages.
        let end = pages.compactMap(\.next).min()
        let entries = newest.map { Entry(stream: $0.key, document: $0.value) }
            .compactMap { entry in entry.position(by: field).map { (position: $0, entry: entry) } }
            .filter { found, _ in
                if let position, found <= position { return false }
                if let end, found > end { return false }
                return found.value.utf8.starts(with: prefix.utf8)
            }
            .sorted { $0.position < $1.position }
        guard entries.count <= limit else { return ReadModelPage(entries.map(\.entry), limit: limit, by: field) }
        return ReadModelPage(entries: entries.map(\.entry), next: end)
    }
}

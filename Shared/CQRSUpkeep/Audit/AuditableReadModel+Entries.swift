// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS

extension AuditableReadModel {
    /// The entries of events.
    ///
    /// - Parameter page: events that follow each other, of streams of one category.
    func entries(beside page: [RecordedEvent]) async throws -> [EventPosition: Document.Entry] {
        guard Document.hasEntries, let first = page.first, let last = page.last else { return [:] }
        let before = EventPosition(stream: first.stream, version: first.version - 1)
        return Dictionary(
            try await entries(after: before, through: last.position, limit: nil).map { ($0.position, $0.entry) }
        ) { $1 }
    }
}

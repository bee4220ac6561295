// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import CQRSServing

extension InMemoryReadModel: ReadModelListing {
    /// Looks through all documents for those of a page.
    public func page(
        by field: ReadModelField<Document>, prefix: String, after position: ReadModelPosition?, limit: Int
    ) async -> ReadModelPage<Document> {
        let found = snapshot.compactMap { stream, document -> (ReadModelPosition, ReadModelPage<Document>.Entry)? in
            let entry = ReadModelPage.Entry(stream: stream, document: document)
            guard let found = entry.position(by: field), found.value.utf8.starts(with: prefix.utf8) else { return nil }
            if let position, found <= position { return nil }
            return (found, entry)
        }
        return ReadModelPage(found.sorted { $0.0 < $1.0 }.map(\.1), limit: limit, by: field)
    }
}

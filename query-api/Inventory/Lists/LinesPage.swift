// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import ServiceKit

/// Some lines of a list, in the order in which they were added.
struct LinesPage {
    /// The name of lists' lines in cursors.
    static let list = "lines"

    let lines: [LineView]
    /// What to give as `after` for the next page; `nil` on the last.
    let next: String?

    /// All of them.
    init(_ lines: [LineView]) { (self.lines, next) = (lines, nil) }

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - model: where lists are kept.
    ///   - stream: the list.
    ///   - version: of the list: lines that came later are left out.
    ///   - position: the version of the line before; 0 for the first page.
    ///   - limit: the most lines, at least 1.
    /// - Throws: 404 when the list is deleted by now; errors of the read model.
    init(
        _ model: some ReadModelEntries<ListLinesDocument>, of stream: StreamID, at version: Int64,
        after position: Int64, limit: Int
    ) async throws {
        // One more tells whether there is a next page.
        let found = try await model.entries(
            after: EventPosition(stream: stream, version: position),
            through: EventPosition(stream: stream, version: version), limit: limit + 1)
        // The lines of a deleted list go after its document: while that is there, none has gone.
        guard let list = try await model.load([stream])[stream], !list.isDeleted else {
            throw ProblemDetails(.listNotFound)
        }
        let page = found.prefix(limit)
        lines = LineView.lines(of: list, page.map(\.entry))
        next = found.count > limit ? page.last?.position.cursor(Self.list) : nil
    }
}

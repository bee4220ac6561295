// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import HTTPTypes
import Hummingbird
import ServiceKit

/// Entities as the event store has them. Who has a key today is found by it, with all that ever happened to them, under
/// whatever key that was; who has given it up is not, and nobody finds what was deleted.
extension EntityQueries {
    /// An entity as it was.
    ///
    /// - Parameter address: its stream, or its key of today.
    /// - Throws: 404 when there is none, or was none at that moment; errors of the event store.
    func answer(_ address: EntityAddress, at moment: HistoryMoment) async throws -> Answer {
        try await snapshot(of: address, at: moment).answer
    }

    /// An entity as it was, with what was beside it.
    ///
    /// - Throws: as ``answer(_:at:)``.
    func snapshot(
        of address: EntityAddress, at moment: HistoryMoment
    ) async throws -> (answer: Answer, entries: [P.Document.Entry]) {
        let snapshot = try await past.document(of: try await stream(of: address), at: moment)
        if case .version(let version) = moment, version > snapshot.version {
            var present = JSONObject()
            present.append("version", .number(JSONNumber(snapshot.version)))
            throw ProblemDetails(.noSuchVersion, extensions: present)
        }
        guard let document = snapshot.document else { throw ProblemDetails(notYet) }
        guard let answer = cache.answer(with: document) else { throw ProblemDetails(notFound) }
        return (answer, snapshot.entries)
    }

    /// `GET` of an entity's history: a page of what happened to it.
    ///
    /// - Throws: 404 when there is no such entity, 400 `invalid-parameters` when the cursor is of another one's history; errors of the event store.
    func history(_ address: EntityAddress, _ request: Request) async throws -> Response {
        let query = try HistoryQuery(request)
        let stream = try await stream(of: address)
        if let position = query.position, position.stream != stream {
            throw ProblemDetails(invalidParameters: [("after", "must be the next of a page of this history")])
        }
        // One more tells whether there is a next page.
        let found = try await events.read(stream, after: query.position?.version ?? 0, limit: query.limit + 1)
        let page = found.prefix(query.limit)
        return .page(
            try page.map(HistoryItem.init),
            next: found.count > query.limit ? page.last?.position.cursor(HistoryQuery.list) : nil
        ) { $0.write(to: &$1) }
    }

    /// The stream of what has an address today.
    private func stream(of address: EntityAddress) async throws -> StreamID {
        switch address {
        case .key(_, let claim):
            guard let holder = try await events.holder(of: claim),
                // A key given up and not yet released still finds who gave it up.
                try await !events.hasGivenUp(claim, since: holder)
            else { throw ProblemDetails(notFound) }
            return holder.stream
        case .stream(let stream):
            guard try await !events.read(stream, after: 0, limit: 1).isEmpty else { throw ProblemDetails(notFound) }
            return stream
        }
    }
}

extension ProblemType {
    /// 404: the versions do not go that far; `version` is the last one.
    static let noSuchVersion = ProblemType(
        "/problems/no-such-version", status: .notFound, title: "There is no such version yet")
}

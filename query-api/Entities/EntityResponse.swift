// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import HTTPTypes
import Hummingbird
import ServiceKit

/// The answer with one entity.
struct EntityResponse: ResponseGenerator {
    let answer: PreparedAnswer
    /// Where it came from; `nil` for the past, which nobody keeps.
    let origin: AnswerOrigin?
    /// How long the client was ready to wait and the query service with it; `nil` where neither was asked for.
    var appliedWait: WaitPreference?

    func response(from request: Request, context: some RequestContext) -> Response {
        var headers: HTTPFields = [.eTag: answer.tag, .contentType: "application/json"]
        if let origin { headers[.cacheStatus] = origin.cacheStatus }
        if let appliedWait { headers[.preferenceApplied] = appliedWait.text }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: answer.body))
    }
}

extension AnswerOrigin {
    /// `Cache-Status` (RFC 9211): a freshness lifetime below zero marks what may be out of date.
    fileprivate var cacheStatus: String {
        switch self {
        case .cache: "query-api; hit"
        case .readModel: "query-api; fwd=miss"
        case .bypass: "query-api; fwd=bypass"
        case .stale(let duration): "query-api; hit; ttl=-\(duration.components.seconds + 1); detail=stale"
        }
    }
}

extension HotAnswer {
    /// The same as ``EntityResponse``.
    init<Answer>(_ found: NearCacheAnswer<Answer>, _ part: (Answer) -> PreparedAnswer) {
        let answer = part(found.answer)
        self.init(.ok, fields: [("ETag", answer.tag), ("Cache-Status", found.origin.cacheStatus)], body: answer.body)
    }
}

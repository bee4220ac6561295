// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import HTTPTypes
import Hummingbird
import ServiceKit

/// The answer with one user.
struct UserResponse: ResponseGenerator {
    let found: NearCacheAnswer<PreparedUser>
    /// How long the client was ready to wait and the query service with it; `nil` where neither was asked for.
    var appliedWait: WaitPreference?

    func response(from request: Request, context: some RequestContext) -> Response {
        let user = found.answer
        var headers: HTTPFields = [.eTag: user.tagText, .cacheStatus: found.origin.cacheStatus]
        if let appliedWait { headers[.preferenceApplied] = appliedWait.text }
        headers[.contentType] = "application/json"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: user.body))
    }
}

extension NearCacheAnswer.Origin {
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
    /// The same as ``UserResponse``.
    init(_ found: NearCacheAnswer<PreparedUser>) {
        self.init(
            .ok, fields: [("ETag", found.answer.tagText), ("Cache-Status", found.origin.cacheStatus)],
            body: found.answer.body)
    }
}

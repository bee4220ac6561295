// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Hummingbird
import ServiceKit

/// What a `GET` of an entity asks for: the entity now, or as it was.
struct MomentQuery {
    /// When; `nil` for now.
    let moment: HistoryMoment?
    /// Which version is wanted at least, for now.
    let condition: VersionCondition?

    /// Reads `at`, `version`, `minVersion` and `id`.
    ///
    /// - Parameter category: of the entities' streams.
    /// - Throws: 400 `invalid-parameters`.
    init(_ request: Request, category: String) throws(ProblemDetails) {
        var parameters = QueryParameters(request)
        if parameters.contains("at") || parameters.contains("version") {
            // These are about the present alone.
            for name in ["minVersion", "id"] where parameters.string(name) != nil {
                parameters.refuse(name, "must not be given together with at or version")
            }
            condition = nil
        } else {
            condition = VersionCondition.read(&parameters, category: category)
        }
        let time = parameters.time("at")
        let version = parameters.integer("version", in: RecordedEvent.versions)
        if parameters.contains("at"), parameters.contains("version") {
            parameters.refuse("version", "must not be given together with at")
        }
        moment = time.map { .time($0) } ?? version.map { .version($0) }
        try parameters.finish()
    }
}

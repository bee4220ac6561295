// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Essentials
import ServiceKit

/// What a request says that a user does with an anime, checked.
///
/// Each finds everything that is wrong with its fields before it complains, with 422 `invalid-fields`.
struct EngagementRequest: Sendable {
    /// What is told, by the name that a line of an import has for it.
    enum Kind: String, CaseIterable {
        /// `{"anime_id","user_id"}`
        case click
        /// `{"anime_id","user_id","duration_seconds"?}`
        case view
        /// `{"anime_id","user_id","score"}`
        case rating
    }

    let command: EngagementDecider.Command
    /// What makes it the same request as another, for an idempotency key.
    let fingerprint: String

    /// Reads the fields of a body.
    ///
    /// - Throws: 422 `invalid-fields`.
    init(_ kind: Kind, _ fields: consuming JSONFields) throws(ProblemDetails) {
        try self.init(kind, &fields)
    }

    /// Reads the fields of a line of an import: those of a body, and `type`.
    ///
    /// - Throws: 422 `invalid-fields`.
    init(line fields: consuming JSONFields) throws(ProblemDetails) {
        let kind = fields.string("type", Kind.init(named:))
        // Of what is nothing, the fields of a click are looked at: all kinds have them.
        if kind == nil { for name in ["duration_seconds", "score"] { _ = fields.value(name) } }
        try self.init(kind ?? .click, &fields)
    }

    private init(_ kind: Kind, _ fields: inout JSONFields) throws(ProblemDetails) {
        let anime = fields.integer("anime_id", AnimeID.init(_:))
        let user = fields.string("user_id", UserID.init(_:))
        var duration: ViewDuration?
        var score: Score?
        switch kind {
        case .click: break
        case .view: duration = fields.optionalInteger("duration_seconds", ViewDuration.init(seconds:))
        case .rating: score = fields.integer("score", Score.init(_:))
        }
        try fields.finish()
        guard let anime, let user else { preconditionFailure("a missing field is an error of its own") }
        let subject = Subject(anime, user)
        let detail: Int?
        switch kind {
        case .click:
            command = .click(subject)
            detail = nil
        case .view:
            command = .view(subject, duration ?? .none)
            detail = (duration ?? .none).seconds
        case .rating:
            guard let score else { preconditionFailure("a missing field is an error of its own") }
            command = .rate(subject, score)
            detail = score.value
        }
        fingerprint = Fingerprint.text(
            kind.rawValue, "\(subject.animeID)", subject.userID, detail.map { "\($0)" })
    }
}

extension EngagementRequest.Kind {
    /// Why a text names none.
    struct Flaw: ExplainedFlaw {
        var explanation: String { "must be one of click, view, rating" }
    }

    fileprivate init(named name: String) throws(Flaw) {
        guard let kind = Self.allCases.first(where: { $0.rawValue.isExactly(name) }) else { throw Flaw() }
        self = kind
    }
}

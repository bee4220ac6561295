// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import HTTPTypes
import ServiceKit

extension ProblemDetails {
    /// What it is to an HTTP client that a command was refused, whatever it is about.
    init(_ refusal: CommandRefusal) {
        switch refusal {
        case .noSuchEntity:
            self.init(ProblemType.notFound)
        case .versionMismatch(let current):
            self.init(versionMismatch: current)
        case .raceLost:
            self.init(ProblemType.versionRaceLost, retryAfter: .seconds(1))
        case .idempotencyKeyReused:
            self.init(ProblemType.idempotencyKeyReused)
        }
    }
}

extension ProblemType {
    /// 409: others kept changing the same thing; the same request may succeed in a moment.
    static let versionRaceLost = ProblemType(
        "/problems/version-race-lost", status: .conflict, title: "Others were changing it at the same time")
    /// 422: the `Idempotency-Key` came with another request before.
    static let idempotencyKeyReused = ProblemType(
        "/problems/idempotency-key-reused", status: .unprocessableContent,
        title: "The Idempotency-Key was used for another request")
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// Something that somebody does through the console.
struct ActionEntry: Sendable, Equatable {
    let id: UUIDv7
    let at: Timestamp
    /// As far as it is known without a login: the address that the request came from.
    let who: String
    let requestID: String
    /// What is done: `replay`, `discard`, or a ``GenerationAction``.
    let action: String
    let readModel: String
    /// How many letters it is about; `nil` for what is not about letters.
    let letters: Int?
}

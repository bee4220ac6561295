// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// A reservation that is neither given back nor carried out.
struct OpenReservation: Sendable, Equatable {
    /// Where.
    let store: String
    /// How many are still reserved.
    var quantity: Int
    /// For what.
    let reference: String?
    /// The open one made before it in the store; `nil` for the oldest.
    var older: UUIDv7?
    /// The open one made after it in the store; `nil` for the newest.
    var newer: UUIDv7?
}

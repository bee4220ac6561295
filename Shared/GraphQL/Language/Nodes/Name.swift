// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A name with its place.
struct Name: Sendable {
    let text: String
    let offset: Int
}

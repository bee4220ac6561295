// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What caches may do with an answer that says nothing about it itself.
enum CachePolicy {
    /// Answers hold personal data unless somebody knows better: no shared cache keeps them, and a browser asks before it
    /// shows one again, which the entity tag makes cheap (RFC 9111 §5.2.2).
    static let usual = "private, no-cache"
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Something that at most one event may hold at a time, such as an address or an idempotency key.
///
/// The store keeps all claims under one unique index, so that the write that appends an event also takes them.
public struct Claim: Sendable, Hashable {
    /// The claim as stored: its kind, a colon, its value. May be personal data: never log it.
    public let text: String

    /// Claims a value.
    ///
    /// - Parameters:
    ///   - kind: what is claimed, in lower case and without a colon, such as `email`. Never changes.
    ///   - value: the value in the form that makes equal values equal bytes.
    public init(_ kind: String, _ value: String) { text = "\(kind):\(value)" }

    /// A claim as stored.
    public init(stored text: String) { self.text = text }

    /// The claim of an idempotency key, within its scope.
    init(_ key: IdempotencyKey) { self.init("idempotency", "\(key.scope):\(key.key)") }
}

/// What a client sends to make a repeat of its command harmless: the event that the command caused keeps it.
public struct IdempotencyKey: Sendable, Hashable {
    /// What the key is unique within, such as `users.create`. Without a colon; never changes.
    public let scope: String
    /// The client's key.
    public let key: String
    /// Tells one payload from another: the same key with another one is a mistake of the client's.
    public let fingerprint: String

    /// Describes a key.
    public init(scope: String, key: String, fingerprint: String) {
        self.scope = scope
        self.key = key
        self.fingerprint = fingerprint
    }
}

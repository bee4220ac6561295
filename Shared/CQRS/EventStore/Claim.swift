// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// Something that at most one event may hold at a time, such as an address or an idempotency key.
///
/// The store keeps all claims under one unique index, so that the write that appends an event also takes them.
public struct Claim: Sendable, Hashable {
    private let exact: ExactText

    /// The claim as stored: its kind, a colon, its value. May be personal data: never log it.
    public var text: String { exact.text }

    /// Claims a value: the one place where the text of a claim is made, so that a keyed hash can take the place of the value
    /// here (docs/decisions/0024). The kind stays as it is: keys are found by it.
    ///
    /// - Parameters:
    ///   - kind: what is claimed, in lower case and without a colon, such as `email`. Never changes.
    ///   - value: the value in the form that makes equal values equal bytes.
    public init(_ kind: String, _ value: String) { exact = ExactText("\(kind):\(value)") }

    /// A claim as stored.
    public init(stored text: String) { exact = ExactText(text) }

    /// The kind of an idempotency key's claim.
    public static let idempotency = "idempotency"

    /// The claim of an idempotency key, within its scope.
    public init(_ key: IdempotencyKey) { self.init(Self.idempotency, "\(key.scope):\(key.key)") }

    /// Whether it is a claim of a kind.
    public func isOfKind(_ kind: String) -> Bool { text.utf8.starts(with: "\(kind):".utf8) }
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

    /// Whether both are the same key of the same request, byte by byte.
    public static func == (a: IdempotencyKey, b: IdempotencyKey) -> Bool {
        a.scope.isExactly(b.scope) && a.key.isExactly(b.key) && a.fingerprint.isExactly(b.fingerprint)
    }

    /// Hashes the key.
    public func hash(into hasher: inout Hasher) { hasher.combine(ExactText(key)) }
}

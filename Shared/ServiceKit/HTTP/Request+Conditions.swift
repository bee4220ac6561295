// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials
internal import HTTPTypes
public import Hummingbird

extension Request {
    /// Which versions `If-Match` allows; `nil` when any will do: there is no such field, or it is `*`.
    ///
    /// - Throws: 400 `malformed-request` when the field is neither `*` nor a list of entity tags.
    public func expectedVersions() throws(ProblemDetails) -> Set<Int64>? {
        guard let header = headers[.ifMatch] else { return nil }
        switch EntityTag.condition(ifMatch: header) {
        case .any: return nil
        case .oneOf(let versions): return versions
        case nil:
            throw ProblemDetails(
                .malformedRequest, detail: "If-Match must be * or a list of entity tags, such as \"1\"")
        }
    }

    /// At which versions `If-None-Match` forbids the request.
    public var excludedVersions: VersionSet {
        headers[.ifNoneMatch].map { EntityTag.condition(ifNoneMatch: $0) } ?? .oneOf([])
    }

    /// Refuses `If-Match` where there is nothing yet that could match: what a command makes.
    ///
    /// - Throws: 412 `version-mismatch`; 400 `malformed-request` when the field is neither `*` nor a list of entity tags.
    public func requireNoExpectation() throws(ProblemDetails) {
        guard headers[.ifMatch] != nil else { return }
        _ = try expectedVersions()
        throw ProblemDetails(.versionMismatch, detail: "there is nothing yet that If-Match could match")
    }

    /// The client's `Idempotency-Key`, without its quotation marks; `nil` when there is none.
    ///
    /// - Throws: 400 `malformed-request` when it is not 1 to 255 visible ASCII characters, or is there twice.
    public func idempotencyKey() throws(ProblemDetails) -> String? {
        guard let header = headers[.idempotencyKey] else { return nil }
        guard let key = IdempotencyKeyField.parse(header) else {
            throw ProblemDetails(
                .malformedRequest,
                detail: "Idempotency-Key must be 1 to \(IdempotencyKeyField.maximumLength) visible ASCII characters")
        }
        return key
    }
}

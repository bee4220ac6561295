// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import ServiceKit
import Users

/// Which version a client wants to see at least, as `Location` of the command API says: `?minVersion=2&id=<uuid>`.
struct VersionCondition: Equatable {
    /// The lowest version that will do.
    let version: Int64
    /// Whose version; `nil` for whoever has the address.
    let stream: StreamID?

    /// Reads the condition of a request.
    ///
    /// - Returns: `nil` when there is none.
    /// - Throws: 400 `malformed-request`.
    static func read(_ request: Request) throws(ProblemDetails) -> VersionCondition? {
        let parameters = request.uri.queryParameters
        let id = parameters["id"]
        guard let text = parameters["minVersion"] else {
            guard id == nil else {
                throw ProblemDetails(.malformedRequest, detail: "id says whose minVersion is meant, which is missing")
            }
            return nil
        }
        guard let version = Int64(text), version >= 1, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw ProblemDetails(.malformedRequest, detail: "minVersion must be a whole number from 1")
        }
        guard let id else { return VersionCondition(version: version, stream: nil) }
        guard let uuid = UUIDv7(id) else {
            throw ProblemDetails(.malformedRequest, detail: "id must be a version 7 UUID")
        }
        return VersionCondition(version: version, stream: Users.stream(of: uuid))
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import ServiceKit

/// What a request calls an entity.
enum EntityAddress: Sendable {
    /// What it is looked up by, and the claim that whoever has it holds.
    case key(String, Claim)
    /// Its stream.
    case stream(StreamID)
}

extension ServiceRequestContext {
    /// A segment of the path, with its escapes resolved.
    ///
    /// - Throws: 400 `malformed-request` when they are broken.
    func segment(_ name: String) throws -> String {
        guard let text = PathSegment.decode(try parameters.require(name)) else {
            throw ProblemDetails(.malformedRequest, detail: "the path is not percent-encoded UTF-8")
        }
        return text
    }
}

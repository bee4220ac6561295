// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore

/// What a token bucket says to a request.
enum RateLimitVerdict: Equatable {
    /// It had a token, and has so many left.
    case allowed(remaining: Int)
    /// It had none.
    case refused

    private var remaining: Int {
        switch self {
        case .allowed(let remaining): remaining
        case .refused: 0
        }
    }

    private static let (before, behind): (StaticString, StaticString) = ("\"client\";r=", ";t=1")

    /// `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11 §4): what is left, and in how many seconds there will be more. That
    /// is one, the least that can be said: no limit is lower than a request a second.
    var text: String { "\(Self.before)\(remaining)\(Self.behind)" }

    /// Writes the header field.
    func write(to bytes: inout ByteBuffer) {
        bytes.writeStaticString("RateLimit: ")
        bytes.writeStaticString(Self.before)
        bytes.writeString(String(remaining))
        bytes.writeStaticString(Self.behind)
        bytes.writeStaticString("\r\n")
    }
}

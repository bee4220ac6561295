// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import NIOCore

/// A route that may be answered from memory before the router sees the request.
///
/// For `GET` of paths that consist of a prefix and one segment, such as `/users/ada@computing.org`. Only plain requests are asked
/// for: without a query, a body, percent-encoding, or a header field that could change the answer. Whatever is not
/// answered goes to the router, which must have the same route with the same answers.
public struct HotRoute: Sendable {
    let prefix: String
    let template: String
    let answer: @Sendable (String) -> HotAnswer?

    /// Declares a route.
    ///
    /// - Parameters:
    ///   - prefix: the path before the segment, such as `/users/`.
    ///   - parameter: the segment's name in the router, such as `email`.
    ///   - answer: makes the answer for a segment, `nil` to leave it to the router. Called on an event loop: must not block
    ///     or take long.
    public init(prefix: String, parameter: String, answer: @escaping @Sendable (String) -> HotAnswer?) {
        self.prefix = prefix
        template = "\(prefix){\(parameter)}"
        self.answer = answer
    }
}

/// A 200 with JSON that is ready to be sent.
public struct HotAnswer: Sendable {
    let fields: [(String, String)]
    let body: ByteBuffer

    /// Prepares an answer.
    ///
    /// - Parameters:
    ///   - fields: header fields besides `Content-Type`, `Content-Length`, `Date` and `X-Request-ID`.
    ///   - body: JSON.
    public init(fields: [(String, String)], body: ByteBuffer) {
        self.fields = fields
        self.body = body
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials
public import NIOCore

/// A route whose plain requests may be answered before the router sees them.
///
/// Only plain requests are asked for: in one piece, without a query, percent-encoding, or a header field that could
/// change the answer. Whatever is not answered goes to the router, which must have the same route with the same answers.
public struct HotRoute: Sendable {
    /// What a path has to be.
    enum Path: Sendable {
        /// A prefix, one segment and a suffix, such as `/users/ada@computing.org`.
        case segment(prefix: String, suffix: String)
        /// This one.
        case fixed(String)
    }

    let path: Path
    let template: String
    let isPost: Bool
    /// The longest body.
    let bodyLimit: Int
    let answer: @Sendable (HotRequest) -> HotOutcome

    /// Declares a route for `GET`.
    ///
    /// - Parameters:
    ///   - prefix: the path before the segment, such as `/users/`.
    ///   - parameter: the segment's name in the router, such as `email`.
    ///   - suffix: the path behind the segment, if any, such as `/stock`.
    ///   - answer: answers requests with that segment. Called on an event loop: must not block or take long.
    public static func get(
        prefix: String, parameter: String, suffix: String = "",
        answer: @escaping @Sendable (HotRequest) -> HotOutcome
    ) -> HotRoute {
        HotRoute(
            path: .segment(prefix: prefix, suffix: suffix), template: "\(prefix){\(parameter)}\(suffix)",
            isPost: false, bodyLimit: 0, answer: answer)
    }

    /// Declares a route for `POST` of JSON.
    ///
    /// - Parameters:
    ///   - path: the whole path, such as `/users`.
    ///   - bodyLimit: the most bytes of a body; requests with more are left to the router.
    ///   - answer: answers requests. Called on an event loop: must not block or take long.
    public static func post(
        _ path: String, bodyLimit: Int, answer: @escaping @Sendable (HotRequest) -> HotOutcome
    ) -> HotRoute {
        HotRoute(path: .fixed(path), template: path, isPost: true, bodyLimit: bodyLimit, answer: answer)
    }

    /// The segment of a path that is this route's, empty for one that has none; `nil` for other paths.
    func segment(of uri: String) -> String? {
        switch path {
        case .fixed(let path):
            return uri == path ? "" : nil
        case .segment(let prefix, let suffix):
            guard uri.utf8.starts(with: prefix.utf8) else { return nil }
            let rest = uri.utf8.dropFirst(prefix.utf8.count)
            let segment = rest.dropLast(suffix.utf8.count)
            guard suffix.isEmpty || rest.dropFirst(segment.count).elementsEqual(suffix.utf8), !segment.isEmpty,
                segment.allSatisfy(PathSegment.isPlain)
            else { return nil }
            return String(Substring(segment))
        }
    }
}

/// A plain request, whole.
public struct HotRequest: Sendable {
    /// The segment of the path behind the route's prefix; empty for a route without one.
    public let segment: String
    /// The body; empty for `GET`.
    public let body: ByteBuffer
    let identity: RequestIdentity
    let span: ServerSpan?
    /// What the rate limit says; `nil` when there is none.
    let verdict: RateLimitVerdict?

    /// See ``ServiceRequestContext/requestID``.
    public var requestID: String { identity.requestID }
    /// See ``ServiceRequestContext/trace``. Without a span it is another one each time it is asked for.
    public var trace: TraceParent { identity.place }
}

/// What becomes of a plain request.
public enum HotOutcome: Sendable {
    /// It is answered at once.
    case answer(HotAnswer)
    /// It is answered when this is done. What is thrown becomes a problem, as behind the router. Not cancelled, not even
    /// when the client has gone: must end in bounded time.
    case task(@Sendable () async throws -> HotAnswer)
    /// It is the router's.
    case pass
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// By what a request is known in answers, logs and messages.
struct RequestIdentity {
    /// The client's `X-Request-ID`, else the trace id of `traceparent`, else a new one.
    let requestID: String
    /// The request's own place in its trace if it has one, else the caller's, if it has told it.
    let trace: TraceParent?
    /// Whether it is the request's own.
    private let isOwn: Bool
    /// Whether ``requestID`` is that of a new trace.
    private let isNew: Bool

    /// Reads the header fields of a request.
    ///
    /// - Parameters:
    ///   - requestID: `X-Request-ID`.
    ///   - traceParent: `traceparent`.
    ///   - own: the place of the request's span, if it has one.
    ///   - newID: the identifier of a new trace, if there is neither.
    init(requestID: String?, traceParent: String?, own: TraceParent? = nil, newID: @autoclosure () -> String) {
        isOwn = own != nil
        trace = own ?? traceParent.flatMap { TraceParent($0) }
        if let requestID, Self.isWellFormed(requestID) {
            self.requestID = requestID
            isNew = false
        } else {
            self.requestID = trace?.traceID ?? newID()
            isNew = trace == nil
        }
    }

    /// The request's place in its trace, or in a new one. Without a span it is another one each time.
    var place: TraceParent {
        guard let trace else { return isNew ? .new(requestID) : .random() }
        return isOwn ? trace : trace.child()
    }

    private static func isWellFormed(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

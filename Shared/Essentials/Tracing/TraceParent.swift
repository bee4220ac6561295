// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A `traceparent` header (W3C Trace Context, version 00).
public struct TraceParent: Sendable, Equatable, CustomStringConvertible {
    /// The trace: 32 lower-case hexadecimal digits, not all zero.
    public let traceID: String
    /// The caller's span: 16 lower-case hexadecimal digits, not all zero.
    public let parentID: String
    /// Whether the caller recorded the trace.
    public let isSampled: Bool

    package init(traceID: String, parentID: String, isSampled: Bool) {
        self.traceID = traceID
        self.parentID = parentID
        self.isSampled = isSampled
    }

    /// Reads a header; `nil` when it is not well-formed.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        // A higher version may have more parts; ours are the first four then (W3C Trace Context §3.2.4).
        guard parts.count >= 4, parts[0].count == 2, isHex(parts[0]), parts[0] != "ff",
            parts[0] != "00" || parts.count == 4,
            parts[1].utf8.count == 32, isHex(parts[1]), parts[1].contains(where: { $0 != "0" }),
            parts[2].utf8.count == 16, isHex(parts[2]), parts[2].contains(where: { $0 != "0" }),
            parts[3].utf8.count == 2, isHex(parts[3]), let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        traceID = String(parts[1])
        parentID = String(parts[2])
        isSampled = flags & 1 == 1
    }

    /// Whether a header that is well-formed says that the trace is recorded; looks at nothing else.
    package static func saysSampled(_ text: String) -> Bool {
        // The last digit of the flags, in every version (§4).
        guard let digit = text.utf8.dropFirst(54).first else { return false }
        return "13579bdf".utf8.contains(digit)
    }

    /// Starts a new trace that nobody records yet.
    public static func random() -> TraceParent {
        var generator = SystemRandomNumberGenerator()
        return new(newTraceID(&generator))
    }

    /// A new trace with this identifier.
    package static func new(_ traceID: String) -> TraceParent {
        TraceParent(traceID: traceID, parentID: hex(.random(in: 1 ... .max)), isSampled: false)
    }

    /// The identifier of a new trace.
    package static func newTraceID(_ generator: inout some RandomNumberGenerator) -> String {
        hex(generator.next() | 1, generator.next())
    }

    /// The same trace with a new span, for what we send on.
    public func child() -> TraceParent {
        TraceParent(traceID: traceID, parentID: hex(.random(in: 1 ... .max)), isSampled: isSampled)
    }

    /// The header's text.
    public var description: String { "00-\(traceID)-\(parentID)-\(isSampled ? "01" : "00")" }
}

private func isHex(_ text: Substring) -> Bool {
    text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
    }
}

/// The digits of numbers, 16 of each. Every request has some: no text is made on the way.
private func hex(_ values: UInt64...) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(16 * values.count)
    for value in values {
        for shift in stride(from: UInt64(60), through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> shift & 0xF)
            digits.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
    return String(decoding: digits, as: UTF8.self)
}

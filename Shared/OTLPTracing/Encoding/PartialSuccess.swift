// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// `ExportTracePartialSuccess`: what a collector did not take of a request that it took.
struct PartialSuccess: Sendable, Equatable {
    var rejectedSpans: Int64 = 0
    var message = ""

    /// Reads `ExportTraceServiceResponse`; `nil` when all was taken, and when the answer cannot be read: the status has
    /// said that the request was taken.
    init?(protobuf bytes: [UInt8]) {
        guard case .bytes(let inner)? = ProtobufFields(bytes)?.values[1], let fields = ProtobufFields(inner) else {
            return nil
        }
        if case .number(let count)? = fields.values[1] { rejectedSpans = Int64(bitPattern: count) }
        if case .bytes(let text)? = fields.values[2] { message = String(decoding: text, as: UTF8.self) }
        if self == PartialSuccess() { return nil }
    }

    /// The same in JSON.
    init?(json bytes: [UInt8]) {
        guard case .object(let answer)? = try? JSON.parse(bytes), case .object(let partial)? = answer["partialSuccess"]
        else { return nil }
        switch partial["rejectedSpans"] {
        // A 64-bit integer may be either (https://protobuf.dev/programming-guides/json/).
        case .string(let text)?: rejectedSpans = Int64(text) ?? 0
        case .number(let number)?: rejectedSpans = Int64(number.text) ?? 0
        default: break
        }
        if case .string(let text)? = partial["errorMessage"] { message = text }
        if self == PartialSuccess() { return nil }
    }

    private init() {}
}

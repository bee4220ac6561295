// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
public import Hummingbird
internal import NIOCore

extension Request {
    /// Checks the media type of the body; parameters such as `charset` are ignored.
    ///
    /// - Throws: 415 `unsupported-media-type` with `Accept-Post`, also when there is no `Content-Type`.
    public func requireContentType(_ allowed: String...) throws(ProblemDetails) {
        let sent = headers[.contentType].map { value in
            value.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        }
        guard let sent, allowed.contains(sent) else {
            let list = allowed.joined(separator: ", ")
            var headers = HTTPFields()
            headers[method == .patch ? .acceptPatch : .acceptPost] = list
            throw ProblemDetails(.unsupportedMediaType, detail: "expected \(list)", headers: headers)
        }
        // Only identity is understood (RFC 9110 §8.4): decompressing would need limits of its own.
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw ProblemDetails(
                .unsupportedMediaType, detail: "content encodings are not supported",
                headers: [.acceptEncoding: "identity"])
        }
    }

    /// Reads the whole body.
    ///
    /// - Parameter limit: the most bytes that are taken into memory.
    /// - Throws: 413 `content-too-large`, before reading when `Content-Length` says so; whatever ends the connection.
    public func readBody(upTo limit: Int) async throws -> [UInt8] {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw ProblemDetails(.contentTooLarge, detail: "at most \(limit) bytes are allowed")
        }
        var bytes: [UInt8] = []
        for try await buffer in body {
            guard bytes.count + buffer.readableBytes <= limit else {
                throw ProblemDetails(.contentTooLarge, detail: "at most \(limit) bytes are allowed")
            }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }

    /// Reads the fields of a JSON object from the body.
    ///
    /// - Parameter limit: the most bytes of the body, ``JSONFields/usualLimit`` unless said otherwise.
    /// - Throws: 415, 413, 400 `malformed-json`, or 422 `invalid-fields` when it is not an object.
    public func readJSONFields(upTo limit: Int = JSONFields.usualLimit) async throws -> JSONFields {
        // What changes fields by naming them is what RFC 7396 calls a merge patch.
        if method == .patch {
            try requireContentType("application/merge-patch+json", "application/json")
        } else {
            try requireContentType("application/json")
        }
        return try JSONFields(parsing: try await readBody(upTo: limit))
    }
}

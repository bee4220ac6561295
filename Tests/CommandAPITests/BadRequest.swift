// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials

/// A request that must be refused, as bytes, and with what.
struct BadRequest: Sendable, CustomStringConvertible {
    let description: String
    /// What is sent; the connection stays open afterwards.
    let parts: [[UInt8]]
    let status: Int
    /// The last part of the problem's type.
    let problem: String

    private init(_ description: String, _ parts: [[UInt8]], _ status: Int, _ problem: String) {
        self.description = description
        self.parts = parts
        self.status = status
        self.problem = problem
    }

    /// Any bytes.
    static func raw(_ description: String, _ text: String, _ status: Int, _ problem: String) -> BadRequest {
        BadRequest(description, [Array(text.utf8)], status, problem)
    }

    /// A well-formed `POST /users` with a bad body.
    static func body(
        _ description: String, _ body: String, _ status: Int, _ problem: String,
        contentType: String? = "application/json"
    ) -> BadRequest {
        bytes(description, Array(body.utf8), status, problem, contentType: contentType)
    }

    /// A well-formed request with something bad in it.
    static func request(
        _ description: String, _ method: String, _ path: String, _ status: Int, _ problem: String,
        headers: [String] = [], body: String? = nil
    ) -> BadRequest {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        for header in headers { head += header + "\r\n" }
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        return BadRequest(description, [Array((head + "\r\n" + (body ?? "")).utf8)], status, problem)
    }

    /// The same with a body that need not be text.
    static func bytes(
        _ description: String, _ body: [UInt8], _ status: Int, _ problem: String,
        contentType: String? = "application/json"
    ) -> BadRequest {
        var head = "POST /users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: \(body.count)\r\n"
        if let contentType { head += "Content-Type: \(contentType)\r\n" }
        return BadRequest(description, [Array((head + "\r\n").utf8), body], status, problem)
    }

    /// A user with one bad value in otherwise good JSON.
    static func user(
        _ description: String, name: String = "Ada", email: String = "ada@computing.org"
    ) -> BadRequest {
        body(description, #"{"name":"\#(name)","email":"\#(email)"}"#, 422, "invalid-fields")
    }
}

extension BadRequest {
    private static let post = "POST /users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    private static let json = "Content-Type: application/json\r\n"
    private static let good = #"{"name":"Ada","email":"ada@computing.org"}"#

    /// Every way to be wrong that somebody has thought of.
    static let all: [BadRequest] =
        malformedHTTP + limits + wrongRequests + malformedJSON + invalidFields + changes + deletions + imports
        + conditions + idempotencyKeys

    /// A user who is there, at version 1, while the requests are sent.
    static let present = "present@example.org"

    private static let malformedHTTP: [BadRequest] = [
        .raw("not HTTP", "hello\r\n\r\n", 400, "malformed-request"),
        .raw("a TLS greeting", "\u{16}\u{3}\u{1}\r\n\r\n", 400, "malformed-request"),
        .raw("no version", "POST /users\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        .raw("a header without a colon", post + "Broken\r\n\r\n", 400, "malformed-request"),
        .raw("a space before the colon", post + "Bad : x\r\n\r\n", 400, "malformed-request"),
        .raw("a length that is no number", post + "Content-Length: ten\r\n\r\n", 400, "malformed-request"),
        .raw("a negative length", post + "Content-Length: -1\r\n\r\n", 400, "malformed-request"),
        .raw(
            "two lengths", post + json + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400, "malformed-request"),
        .raw(
            "a chunk size that is no number", post + json + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400,
            "malformed-request"),
        .raw(
            "a length and chunks", post + json + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
            "malformed-request"),
    ]

    private static let limits: [BadRequest] = [
        .raw(
            "10,000 headers", post + (0..<10_000).map { "X-\($0): y\r\n" }.joined() + "\r\n", 431, "headers-too-large"),
        .raw(
            "one header of 20 KiB", post + "X-Long: \(String(repeating: "x", count: 20 << 10))\r\n\r\n", 431,
            "headers-too-large"),
        .raw(
            "a path of 20 KiB", "GET /\(String(repeating: "x", count: 20 << 10)) HTTP/1.1\r\nHost: a\r\n\r\n", 431,
            "headers-too-large"),
        .body(
            "a body over 16 KiB", #"{"name":"\#(String(repeating: "x", count: 16 << 10))","email":"a@b.org"}"#, 413,
            "content-too-large"),
        .raw(
            "a body over 16 KiB, announced only", post + json + "Content-Length: 1000000000\r\n\r\n", 413,
            "content-too-large"),
        .raw(
            "a body over 16 KiB in chunks",
            post + json
                + "Transfer-Encoding: chunked\r\n\r\n8000\r\n\(String(repeating: " ", count: 0x8000))\r\n0\r\n\r\n",
            413, "content-too-large"),
        .raw("a body that never comes", post + json + "Content-Length: 42\r\n\r\n", 408, "request-timeout"),
        .raw(
            "a body that stops half-way", post + json + "Content-Length: 42\r\n\r\n{\"name\":", 408, "request-timeout"),
        .raw("a head that stops half-way", post + "X-Slow: ", 408, "request-timeout"),
    ]

    private static let wrongRequests: [BadRequest] = [
        .raw("an unknown path", "GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404, "not-found"),
        .raw(
            "a method that is not allowed",
            "PUT /users HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            405, "method-not-allowed"),
        .raw(
            "a query sent to the command side", "GET /users HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405,
            "method-not-allowed"),
        .body("no content type", good, 415, "unsupported-media-type", contentType: nil),
        .body("a form", "name=Ada", 415, "unsupported-media-type", contentType: "application/x-www-form-urlencoded"),
        .body("XML", "<user/>", 415, "unsupported-media-type", contentType: "application/xml"),
        .raw(
            "a compressed body",
            post + json + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\u{1F}x", 415, "unsupported-media-type"),
    ]

    private static let malformedJSON: [BadRequest] = [
        .body("an empty body", "", 400, "malformed-json"),
        .body("white space", " \n ", 400, "malformed-json"),
        .body("truncated JSON", #"{"name":"Ada","email":"ada@"#, 400, "malformed-json"),
        .body("a trailing comma", #"{"name":"Ada","email":"a@b.org",}"#, 400, "malformed-json"),
        .body("single quotes", "{'name':'Ada'}", 400, "malformed-json"),
        .body("a comment", "{/* hi */}", 400, "malformed-json"),
        .body("two documents", good + good, 400, "malformed-json"),
        .body("a member twice", #"{"name":"Ada","name":"Eve","email":"a@b.org"}"#, 400, "malformed-json"),
        .body("a lone surrogate", #"{"name":"\ud800","email":"a@b.org"}"#, 400, "malformed-json"),
        .body("an unknown escape", #"{"name":"\x41","email":"a@b.org"}"#, 400, "malformed-json"),
        .body("a line break in a string", "{\"name\":\"A\nB\",\"email\":\"a@b.org\"}", 400, "malformed-json"),
        .body("NaN", #"{"name":NaN,"email":"a@b.org"}"#, 400, "malformed-json"),
        .body("a number with a leading zero", #"{"name":01}"#, 400, "malformed-json"),
        .body("10,000 open brackets", String(repeating: "[", count: 10_000), 400, "malformed-json"),
        .bytes("a byte order mark", [0xEF, 0xBB, 0xBF] + Array(good.utf8), 400, "malformed-json"),
        .bytes(
            "bytes that are not UTF-8",
            Array(#"{"name":""#.utf8) + [0xFF, 0xFE] + Array(#"","email":"a@b.org"}"#.utf8), 400,
            "malformed-json"),
        .bytes(
            "an overlong encoding", Array(#"{"name":""#.utf8) + [0xC0, 0xAF] + Array(#"","email":"a@b.org"}"#.utf8),
            400,
            "malformed-json"),
        .bytes("UTF-16", good.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, 400, "malformed-json"),
        .bytes("NULs only", Array(repeating: 0, count: 16), 400, "malformed-json"),
    ]

    private static let invalidFields: [BadRequest] = [
        .body("an array", "[]", 422, "invalid-fields"),
        .body("null", "null", 422, "invalid-fields"),
        .body("an empty object", "{}", 422, "invalid-fields"),
        .body("no email", #"{"name":"Ada"}"#, 422, "invalid-fields"),
        .body("null for a name", #"{"name":null,"email":"a@b.org"}"#, 422, "invalid-fields"),
        .body("a number for a name", #"{"name":7,"email":"a@b.org"}"#, 422, "invalid-fields"),
        .body("an array for an email", #"{"name":"Ada","email":["a@b.org"]}"#, 422, "invalid-fields"),
        .body("a field nobody knows", #"{"name":"Ada","email":"a@b.org","role":"admin"}"#, 422, "invalid-fields"),
        .body("a field in capitals", #"{"Name":"Ada","email":"a@b.org"}"#, 422, "invalid-fields"),
        .user("an empty name", name: ""),
        .user("a name of spaces", name: "  "),
        .user("a name of 101 characters", name: String(repeating: "x", count: 101)),
        .user("a NUL in a name", name: #"A\u0000B"#),
        .user("a tab in a name", name: #"A\tB"#),
        .user("a direction override in a name", name: "A\u{202E}B"),
        .user("a line separator in a name", name: "A\u{2028}B"),
        .user("a private character in a name", name: "A\u{E000}B"),
        .user("an empty email", email: ""),
        .user("an email without @", email: "ada"),
        .user("an email without a domain", email: "ada@"),
        .user("an email with two @", email: "ada@b@example.org"),
        .user("an email without a dot in its domain", email: "ada@localhost"),
        .user(
            "an email of 255 octets",
            email: String(repeating: "a", count: 64) + "@" + String(repeating: "b", count: 186) + ".org"),
        .user("an email with a space", email: "a da@example.org"),
        .user("an email with a NUL", email: #"ada\u0000@example.org"#),
        .user("an email with a line break", email: #"ada@example.org\r\nBcc: x"#),
        .user("an email that is not ASCII", email: "adá@example.org"),
        .user("an email at an IP address", email: "ada@127.0.0.1"),
    ]
}

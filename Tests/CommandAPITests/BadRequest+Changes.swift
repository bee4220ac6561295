// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials

/// What can be wrong beside the body of `POST /users`.
extension BadRequest {
    private static let type = "Content-Type: application/json"

    private static func change(
        _ description: String, _ body: String, _ status: Int = 422, _ problem: String = "invalid-fields",
        of path: String = "/users/\(present)", headers: [String] = []
    ) -> BadRequest {
        request(description, "PATCH", path, status, problem, headers: [type] + headers, body: body)
    }

    static let changes: [BadRequest] = [
        change("a change of nothing", "{}"),
        change("a change to null", #"{"name":null}"#),
        change("a change of the email to null", #"{"name":"Ada","email":null}"#),
        change("a change of a field nobody knows", #"{"id":"x"}"#),
        change("a change to an empty name", #"{"name":""}"#),
        change("a change to no address", #"{"email":"ada"}"#),
        change("a change that is an array", #"["name"]"#),
        change("a change that is no JSON", #"{"name":}"#, 400, "malformed-json"),
        change("a change of nobody", #"{"name":"Ada"}"#, 404, "user-not-found", of: "/users/nobody@example.org"),
        change("a change of an import", #"{"name":"Ada"}"#, 405, "method-not-allowed", of: "/users/import"),
        change("a change of what is no address", #"{"name":"Ada"}"#, 404, "user-not-found", of: "/users/ada"),
        change("a change of an escaped NUL", #"{"name":"Ada"}"#, 404, "user-not-found", of: "/users/%00"),
        change("a change with a broken escape", #"{"name":"Ada"}"#, 400, "malformed-request", of: "/users/a%4"),
        change("a change with bytes that are not UTF-8", #"{"name":"A"}"#, 400, "malformed-request", of: "/users/%ff"),
        change("a change of everybody", #"{"name":"Ada"}"#, 405, "method-not-allowed", of: "/users"),
        request("a change as a form", "PATCH", "/users/a@b.org", 415, "unsupported-media-type", body: "name=Ada"),
        change(
            "a change over 16 KiB", #"{"name":"\#(String(repeating: "x", count: 16 << 10))"}"#, 413, "content-too-large"
        ),
        change("a change to a taken address", #"{"email":"Other@Example.org"}"#, 409, "email-already-taken"),
        body(
            "a registration of a taken address", #"{"name":"Eve","email":"PRESENT@example.org"}"#, 409,
            "email-already-taken"),
    ]

    static let deletions: [BadRequest] = [
        request("a deletion of nobody", "DELETE", "/users/nobody@example.org", 404, "user-not-found"),
        request("a deletion of everybody", "DELETE", "/users", 405, "method-not-allowed"),
        request("a deletion with a broken escape", "DELETE", "/users/%", 400, "malformed-request"),
    ]

    static let imports: [BadRequest] = [
        request(
            "an import as JSON", "POST", "/users/import", 415, "unsupported-media-type", headers: [type], body: "[]"),
        request("an import without a type", "POST", "/users/import", 415, "unsupported-media-type", body: "{}"),
        request("an import to be read", "GET", "/users/import", 405, "method-not-allowed"),
        request(
            "an import that is compressed", "POST", "/users/import", 415, "unsupported-media-type",
            headers: ["Content-Type: application/x-ndjson", "Content-Encoding: gzip"], body: "x"),
        request(
            "an import with a bad key", "POST", "/users/import", 400, "malformed-request",
            headers: ["Content-Type: application/x-ndjson", "Idempotency-Key: \"\""], body: "{}"),
    ]

    static let conditions: [BadRequest] =
        [#""2""#, #""2", "01", W/"1""#, #"W/"1""#, #""abc""#, #""-1""#].map {
            request(
                "a deletion if it is \($0)", "DELETE", "/users/\(present)", 412, "version-mismatch",
                headers: ["If-Match: \($0)"])
        }
        + [#"1"#, #""1"#, #""1" "2""#, "**", #"*, "1""#, "", #"w/"1""#, #""a b""#].map {
            request(
                "a deletion if \"\($0)\"", "DELETE", "/users/\(present)", 400, "malformed-request",
                headers: ["If-Match: \($0)"])
        }
        + [
            change(
                "a change of another version", #"{"name":"Eve"}"#, 412, "version-mismatch", headers: ["If-Match: \"2\""]
            ),
            change(
                "a change of a version of nobody", #"{"name":"Eve"}"#, 404, "user-not-found",
                of: "/users/no@example.org",
                headers: ["If-Match: \"1\""]),
            change(
                "a change of nobody, any version", #"{"name":"Eve"}"#, 404, "user-not-found",
                of: "/users/no@example.org",
                headers: ["If-Match: *"]),
            change("a change if \"x", #"{"name":"Eve"}"#, 400, "malformed-request", headers: ["If-Match: \"x"]),
        ]

    static let idempotencyKeys: [BadRequest] = [
        "", "\"\"", "\"abc", "abc\"", "a\"b", "a b", "\"a b\"", "\"a\", \"b\"", "\"a\";b=1", "\"a\\n\"",
        String(repeating: "k", count: 256), "\"\(String(repeating: "k", count: 256))\"", "schlüssel",
    ].flatMap { key in
        let header = "Idempotency-Key: \(key)"
        return [
            request(
                "a registration with the key \(key)", "POST", "/users", 400, "malformed-request",
                headers: [type, header],
                body: #"{"name":"Ada","email":"ada@x.org"}"#),
            change("a change with the key \(key)", #"{"name":"Eve"}"#, 400, "malformed-request", headers: [header]),
            request(
                "a deletion with the key \(key)", "DELETE", "/users/\(present)", 400, "malformed-request",
                headers: [header]),
        ]
    }
}

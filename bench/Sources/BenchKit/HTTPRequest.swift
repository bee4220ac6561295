// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The bytes of requests, made by hand: what is measured is the server.
public enum HTTPRequest {
    /// Asks for something.
    public static func get(_ path: String) -> [UInt8] {
        Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)
    }

    /// Asks for a user.
    public static func get(_ user: BenchUser) -> [UInt8] { get("/users/\(user.email)") }

    /// Sends a command.
    public static func post(_ path: String, _ json: String) -> [UInt8] {
        Array(
            """
            POST \(path) HTTP/1.1\r
            Host: 127.0.0.1\r
            Content-Type: application/json\r
            Content-Length: \(json.utf8.count)\r
            \r
            \(json)
            """.utf8)
    }

    /// Registers a user.
    public static func post(_ user: BenchUser) -> [UInt8] { post("/users", user.json) }
}

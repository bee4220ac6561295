// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The bytes of requests, made by hand: what is measured is the server.
public enum HTTPRequest {
    /// Asks for something.
    public static func get(_ path: String) -> [UInt8] {
        Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)
    }

    /// Asks for a user; with a version, waits until the read model has it.
    public static func get(_ user: BenchUser, minVersion: Int? = nil) -> [UInt8] {
        get("/users/\(user.email)\(minVersion.map { "?minVersion=\($0)" } ?? "")")
    }

    /// Registers a user.
    public static func post(_ user: BenchUser) -> [UInt8] {
        Array(
            """
            POST /users HTTP/1.1\r
            Host: 127.0.0.1\r
            Content-Type: application/json\r
            Content-Length: \(user.json.utf8.count)\r
            \r
            \(user.json)
            """.utf8)
    }
}

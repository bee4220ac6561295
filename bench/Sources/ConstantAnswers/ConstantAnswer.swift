// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What the servers answer that do nothing else: as much as a service of ours would, byte for byte.
public struct ConstantAnswer: Sendable {
    /// The status code.
    public let status: Int
    /// The fields beside `Content-Length`.
    public let fields: [(name: String, value: String)]
    /// The body.
    public let body: String

    /// To a query for a user.
    public static let user = ConstantAnswer(
        status: 200,
        fields: [
            ("Content-Type", "application/json"), ("ETag", #""1""#), ("Cache-Status", "query-api; hit"),
            ("X-Request-ID", "019abf3e-7d5c-7b7f-9d4e-3f0c8a6b2e13"),
        ],
        body: """
            {"id":"019abf3e-7d5c-7b7f-9d4e-3f0c8a6b2e11","name":"User 123456","email":"seed-123456@bench.example",\
            "version":1,"createdAt":"2026-03-01T12:00:00.000Z","updatedAt":"2026-03-01T12:00:00.000Z"}
            """)

    /// To a command that registers a user.
    public static let accepted = ConstantAnswer(
        status: 202,
        fields: [
            ("Content-Type", "application/json"), ("ETag", #""1""#),
            ("X-Request-ID", "019abf3e-7d5c-7b7f-9d4e-3f0c8a6b2e13"),
            (
                "Location",
                "http://localhost:9000/users/seed-123456@bench.example?minVersion=1&id=019abf3e-7d5c-7b7f-9d4e-3f0c8a6b2e11"
            ),
        ],
        body: """
            {"id":"019abf3e-7d5c-7b7f-9d4e-3f0c8a6b2e11","email":"seed-123456@bench.example","version":1,\
            "eventId":"019abf3e-7d5c-7b7f-9d4e-3f0c8a6b2e12"}
            """)
}

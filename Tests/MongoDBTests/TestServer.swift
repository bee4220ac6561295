// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import Logging
import MongoDB
import Testing

/// The server that plain tests use, and the conditions under which they are skipped.
enum TestServer {
    static let uri = ProcessInfo.processInfo.environment["TEST_MONGODB_URI"]

    /// Without a server tests are skipped on a developer's machine; in CI they run and fail.
    static var isThere: Bool { uri != nil || ProcessInfo.processInfo.environment["CI"] == "true" }

    static let note: Comment = "set TEST_MONGODB_URI to a replica set's connection string to run this"

    static func client(_ change: (inout MongoConfiguration) -> Void = { _ in }) throws -> MongoClient {
        let uri = try #require(uri, "TEST_MONGODB_URI is not set")
        var configuration = try MongoConfiguration(uri: uri)
        change(&configuration)
        return try MongoClient(configuration: configuration, logger: logger)
    }

    static var logger: Logger { Logger(label: "mongodb.tests") { _ in SwiftLogNoOpLogHandler() } }

    /// Lends a collection in a database of its own, which is dropped afterwards.
    static func withCollection(
        _ change: (inout MongoConfiguration) -> Void = { _ in },
        _ body: (MongoCollection) async throws -> Void
    ) async throws {
        let client = try client(change)
        let database = client.database("test_\(UUID().uuidString.prefix(13))")
        do {
            try await body(database.collection("things"))
        } catch {
            try? await database.drop()
            await client.close()
            throw error
        }
        try await database.drop()
        await client.close()
    }
}

/// Waits for a condition, at most for `seconds`.
func eventually(_ seconds: Int = 20, _ condition: () async throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { return false }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return true
}

/// The code of the error that `body` throws; `nil` if it throws none.
func failure(_ body: () async throws(MongoError) -> Void) async -> MongoError.Code? {
    do throws(MongoError) {
        try await body()
        return nil
    } catch {
        return error.code
    }
}

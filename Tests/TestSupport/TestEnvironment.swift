// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Foundation

/// Where the tests find the shared broker and database, which `scripts/test` starts.
public enum TestEnvironment {
    /// The broker, or `nil` when there is none on this machine and the test goes on without it.
    public static func amqpURL() throws -> String? { try value("TEST_AMQP_URL") }

    /// The broker's management API with its login, or `nil` when there is none on this machine and the test goes on
    /// without it.
    public static func managementURL() throws -> String? { try value("TEST_RABBITMQ_MANAGEMENT_URL") }

    /// The database, or `nil` when there is none on this machine and the test goes on without it.
    public static func mongoURI() throws -> String? { try value("TEST_MONGODB_URI") }

    /// A new folder for one test, below that of all tests if there is one.
    public static func makeFolder(_ name: String) throws -> URL {
        let parent = ProcessInfo.processInfo.environment["TEST_DIRECTORY"].map { URL(filePath: $0) }
        let folder = (parent ?? FileManager.default.temporaryDirectory).appending(
            path: "\(name)-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func value(_ name: String) throws -> String? {
        let environment = ProcessInfo.processInfo.environment
        if let value = environment[name], !value.isEmpty { return value }
        // What is skipped on a laptop must not be skipped unseen where it counts.
        if environment["CI"] == "true" { throw MissingVariable(name: name) }
        print("\(name) is not set: skipping what needs it. scripts/test sets it.")
        return nil
    }
}

/// A variable that must be set in continuous integration.
public struct MissingVariable: Error, CustomStringConvertible {
    let name: String

    /// Which one.
    public var description: String { "\(name) is not set" }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation

/// A finished program.
public struct CommandResult: Sendable {
    /// Its exit status; 128 and the signal's number when a signal ended it.
    public let status: Int32
    /// What it printed.
    public let output: String
    /// What it complained about.
    public let errors: String
}

/// A program that failed where it must not.
public struct CommandFailure: Error, CustomStringConvertible {
    let command: String
    let result: CommandResult

    /// The command, its status and its complaints.
    public var description: String { "\(command): status \(result.status)\n\(result.errors)\n\(result.output)" }
}

/// Runs a program to its end.
///
/// - Parameters:
///   - path: the program, or its name to be looked up in `PATH`.
///   - environment: added to this process's own.
///   - limit: it is killed when it runs longer.
@discardableResult
public func run(
    _ path: String, _ arguments: [String] = [], environment: [String: String] = [:],
    limit: Duration = .seconds(120)
) async throws -> CommandResult {
    let folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = try RunningProcess(
        path, arguments, environment: environment, output: folder.appending(path: "out"),
        errors: folder.appending(path: "err"))
    let status: Int32
    do {
        status = try await within(limit, "end of \(path)") { try await process.status() }
    } catch {
        process.signal(SIGKILL)
        throw error
    }
    func text(_ name: String) -> String {
        String(decoding: (try? Data(contentsOf: folder.appending(path: name))) ?? Data(), as: UTF8.self)
    }
    return CommandResult(status: status, output: text("out"), errors: text("err"))
}

/// Runs a program that must succeed, and returns what it printed.
@discardableResult
public func succeed(
    _ path: String, _ arguments: [String] = [], environment: [String: String] = [:],
    limit: Duration = .seconds(120)
) async throws -> String {
    let result = try await run(path, arguments, environment: environment, limit: limit)
    guard result.status == 0 else {
        throw CommandFailure(command: ([path] + arguments).joined(separator: " "), result: result)
    }
    return result.output
}

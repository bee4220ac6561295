// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Foundation
import Synchronization

/// A child process of the tests.
public final class RunningProcess: Sendable {
    /// The process.
    public let pid: pid_t
    private let end: EndOfProcess

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: the program, or its name to be looked up in `PATH`.
    ///   - environment: added to this process's own.
    ///   - output: the file that takes what it prints.
    ///   - errors: the file that takes its complaints; may be the same.
    public init(
        _ path: String, _ arguments: [String], environment: [String: String], output: URL, errors: URL
    ) throws {
        func open(_ file: URL) throws -> FileHandle {
            if !FileManager.default.fileExists(atPath: file.path) {
                _ = FileManager.default.createFile(atPath: file.path, contents: nil)
            }
            let handle = try FileHandle(forWritingTo: file)
            try handle.seekToEnd()
            return handle
        }
        let process = Process()
        process.executableURL = URL(filePath: path.contains("/") ? path : "/usr/bin/env")
        process.arguments = (path.contains("/") ? [] : [path]) + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try open(output)
        process.standardError = output == errors ? process.standardOutput : try open(errors)
        // The handler may be called before `pid` is set: it uses neither `self` nor what is not there yet.
        let end = EndOfProcess()
        process.terminationHandler = { process in
            let bySignal = process.terminationReason == .uncaughtSignal
            end.report(process.terminationStatus + (bySignal ? 128 : 0))
        }
        try process.run()
        pid = process.processIdentifier
        self.end = end
    }

    /// Whether it has not ended.
    public var isRunning: Bool { end.statusNow == nil }

    /// Waits for its end.
    ///
    /// - Returns: its exit status; 128 and the signal's number when a signal ended it.
    public func status(within limit: Duration = .seconds(3600)) async throws -> Int32 {
        try await eventually("end of process \(pid)", within: limit) { end.statusNow != nil }
        return end.statusNow ?? -1
    }

    /// Sends a signal, unless it has ended.
    public func signal(_ number: Int32) {
        if isRunning { kill(pid, number) }
    }

    /// Asks it to end, and waits.
    ///
    /// - Returns: its exit status.
    @discardableResult
    public func terminate(within limit: Duration = .seconds(15)) async throws -> Int32 {
        signal(SIGTERM)
        return try await status(within: limit)
    }

    /// Ends it at once, and waits.
    public func killAtOnce() async throws {
        signal(SIGKILL)
        _ = try await status(within: .seconds(15))
    }
}

/// Where a process's end is noted.
private final class EndOfProcess: Sendable {
    private let status = Mutex<Int32?>(nil)

    var statusNow: Int32? { status.withLock { $0 } }

    func report(_ value: Int32) { status.withLock { $0 = value } }
}

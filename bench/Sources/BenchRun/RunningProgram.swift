// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation

/// A program that runs until it is told to end.
///
/// Its pid is in a file meanwhile, so that `scripts/bench` can end it should this process not come to it.
final class RunningProgram {
    private let process = Process()
    private let pidFile: URL

    var pid: Int32 { process.processIdentifier }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - name: of its log and pid file.
    ///   - directory: where these are.
    ///   - isLogged: whether what it prints goes to its log; what it complains of always does.
    init(
        _ path: String, _ arguments: [String], name: String, directory: URL, environment: [String: String] = [:],
        isLogged: Bool = true
    ) throws {
        let log = directory.appending(path: "log/\(name).log")
        pidFile = directory.appending(path: "run/\(name).pid")
        if !FileManager.default.fileExists(atPath: log.path) {
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = isLogged ? output : FileHandle.nullDevice
        process.standardError = output
        try process.run()
        try "\(pid)\n".write(to: pidFile, atomically: true, encoding: .utf8)
    }

    /// Whether it has not ended.
    var isRunning: Bool { process.isRunning }

    /// Ends it in order, or after 15 s at once.
    func stop() {
        process.terminate()
        let deadline = ContinuousClock.now + .seconds(15)
        while process.isRunning, .now < deadline { Thread.sleep(forTimeInterval: 0.01) }
        if process.isRunning { kill(pid, SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: pidFile)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit
import Foundation

/// A program that is run to its end.
struct Program {
    let path: String
    let arguments: [String]
    /// Added to the environment of this process.
    var environment: [String: String] = [:]

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs it, for a bounded time, with its standard error on ours.
    ///
    /// - Returns: what it printed.
    func run(within seconds: Double = 180) throws -> String {
        let process = Process()
        // coreutils' timeout ends it, whatever becomes of this process.
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        process.arguments = ["--kill-after=5", "\(Int(seconds))", path] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "exit status \(process.terminationStatus) of \(line)")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Runs it and reads its report.
    func report<R: Report>(_ type: R.Type) throws -> R {
        guard let last = try run().split(separator: "\n").last else {
            throw Failure(description: "nothing printed by \(line)")
        }
        return try R(line: String(last))
    }

    private var line: String { ([URL(filePath: path).lastPathComponent] + arguments).joined(separator: " ") }
}

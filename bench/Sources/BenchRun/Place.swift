// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit

/// Where everything is: programs, servers and ports.
struct Place: Sendable {
    /// The folder of the services' programs.
    let services: String
    /// The folder of this package's programs.
    let programs: String
    /// A folder for logs, pids and what is imported.
    let directory: String
    /// `scripts/otlp-receiver`.
    let otlpReceiver: String
    /// `scripts/graphql-strawberry`.
    let strawberry: String
    let amqpPort: Int
    let mongodbPort: Int
    /// The first of nine: the three services, the servers that do nothing, four more query services, and one of Python's.
    let httpPort: Int
    /// The broker and the database.
    let servers: [(name: String, pid: Int32)]

    var constantPort: Int { httpPort + 3 }
    var otlpPort: Int { httpPort + 8 }
    /// They are never there at the same time.
    var strawberryPort: Int { otlpPort }

    /// A program's options by their names without dashes.
    typealias Options = KeyValuePairs<String, any CustomStringConvertible>

    /// Puts a load on something.
    ///
    /// - Throws: unless all requests were answered as they should be: what is fast and wrong is no result.
    func load(_ words: String..., options: Options) throws -> LoadReport {
        let report = try run("load", words, options).report(LoadReport.self)
        guard report.failed == 0, report.succeeded > 0 else {
            throw Program.Failure(
                description: "\(report.failed) of \(report.failed + report.succeeded) requests failed")
        }
        return report
    }

    /// Measures a limit.
    func rate(_ program: String, _ words: String..., options: Options) throws -> Double {
        try run(program, words, options).report(RateReport.self).rate
    }

    private func run(_ name: String, _ words: [String], _ options: Options) -> Program {
        Program(
            path: "\(programs)/\(name)", arguments: words + options.flatMap { ["--\($0.key)", "\($0.value)"] })
    }
}

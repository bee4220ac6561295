// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation

/// A program that takes spans by OTLP/HTTP and is strict about them: `scripts/otlp-receiver`.
package struct OTLPReceiver: Sendable {
    private let port: Int
    private let output: URL
    private let process: RunningProcess

    /// Runs one for the time of a body.
    package static func run<Result>(
        _ body: (OTLPReceiver) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "otlp-receiver-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let receiver = try OTLPReceiver(in: folder)
        do {
            try await eventually("the receiver listening", within: .seconds(120)) {
                guard receiver.process.isRunning else {
                    throw ReceiverFlaw(text: receiver.text("errors"))
                }
                return !receiver.lines.isEmpty
            }
            let result = try await body(receiver)
            try await receiver.process.killAtOnce()
            return result
        } catch {
            try await receiver.process.killAtOnce()
            throw error
        }
    }

    private init(in folder: URL) throws {
        port = freePort()
        output = folder.appending(path: "output")
        process = try RunningProcess(
            packageRoot.appending(path: "scripts/otlp-receiver").path, ["\(port)"], environment: [:], output: output,
            errors: folder.appending(path: "errors"))
    }

    /// What `OTEL_EXPORTER_OTLP_ENDPOINT` has to be.
    package var endpoint: String { "http://127.0.0.1:\(port)" }

    /// The spans that have come so far.
    ///
    /// - Throws: ``ReceiverFlaw`` when a request was not as it has to be.
    package func spans() throws -> [ReceivedSpan] {
        try lines.dropFirst().map { line in
            if let flaw = try? JSONDecoder().decode([String: String].self, from: line)["flaw"] {
                throw ReceiverFlaw(text: flaw)
            }
            return try JSONDecoder().decode(ReceivedSpan.self, from: line)
        }
    }

    /// Traces as trees, for people.
    package func trees(of traces: String...) async throws -> String {
        try await succeed(
            "python3", [packageRoot.appending(path: "Tests/OTLPReceiver/tree.py").path, output.path] + traces)
    }

    /// Whole lines only: the last one may be in the making.
    private var lines: [Data] {
        let text = (try? Data(contentsOf: output)) ?? Data()
        return text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().map { Data($0) }
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: output.deletingLastPathComponent().appending(path: name), encoding: .utf8)) ?? ""
    }
}

/// What is wrong with a request that a receiver has got.
package struct ReceiverFlaw: Error, CustomStringConvertible {
    let text: String

    /// In words.
    package var description: String { text }
}

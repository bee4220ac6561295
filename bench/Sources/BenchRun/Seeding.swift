// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit
import Foundation

extension SystemUnderTest {
    /// Registers the users that are to be there before the first round, as a client would who has a list of them.
    ///
    /// - Returns: how many a second.
    func registerSeed() throws -> Reading {
        let file = "\(place.directory)/users.ndjson"
        try (0..<users).map { BenchUser(Self.seed, $0).json + "\n" }.joined()
            .write(toFile: file, atomically: false, encoding: .utf8)
        let results = "\(place.directory)/results.ndjson"
        let before = appliedEvents() ?? 0
        let limit = 60 + Double(users) / 100
        let start = ContinuousClock.now
        // curl sends a file while it receives, which an answer that streams needs.
        _ = try Program(
            path: "/usr/bin/curl",
            arguments: [
                "--silent", "--show-error", "--fail", "--request", "POST", "--header",
                "Content-Type: application/x-ndjson", "--upload-file", file, "--output", results,
                "http://127.0.0.1:\(port(.commandAPI))/users/import",
            ]
        ).run(within: limit)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let accepted = try String(contentsOfFile: results, encoding: .utf8)
            .split(separator: "\n").count { $0.contains(#""status":202"#) }
        guard accepted == users else {
            throw Program.Failure(description: "only \(accepted) of \(users) users were imported")
        }
        try waitUntilApplied(users, since: before)
        return Reading(.imported, Double(users) / seconds)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit
import Foundation

/// Asks a service about itself.
struct HTTPProbe {
    let port: Int

    /// The answer's body, if it is 200.
    func get(_ path: String) -> String? {
        ask(HTTPRequest.get(path)).flatMap { $0.status == 200 ? String(decoding: $0.body, as: UTF8.self) : nil }
    }

    /// The answer to a request; `nil` when there is none within 5 seconds.
    func ask(_ request: [UInt8]) -> HTTPClient.Completion? {
        let client = HTTPClient()
        let target = client.add(port: port, maxConnections: 1)
        client.submit(request, to: target, since: .now)
        let deadline = ContinuousClock.now + .seconds(5)
        var answer: HTTPClient.Completion?
        while client.pending > 0, .now < deadline {
            client.wait(until: deadline) { answer = $0.status > 0 ? $0 : nil }
        }
        return answer
    }

    /// The sum of a counter over all its labels, as `/metrics` has it; `nil` while there is no answer.
    func counter(_ name: String) -> Int? {
        guard let text = get("/metrics") else { return nil }
        return text.split(separator: "\n")
            .filter { $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ") }
            .compactMap { line in line.split(separator: " ").last.flatMap { Double($0) } }
            .reduce(0) { $0 + Int($1) }
    }
}

/// Asks again and again, until it is so or the time is over.
///
/// - Throws: ``Program/Failure`` when the time is over.
func waitUntil(
    _ what: String, within seconds: Double = 120, every interval: Double = 0.01, _ isSo: () throws -> Bool
) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !isSo() {
        guard .now < deadline else {
            throw Program.Failure(description: "waited \(Int(seconds)) s in vain for \(what)")
        }
        Thread.sleep(forTimeInterval: interval)
    }
}

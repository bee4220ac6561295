// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport

/// Reads addresses again and again, and notes every answer that must not be: one that is not 200, one of an older version
/// than an earlier one, or one that has another flaw.
final class WatchedReads: Sendable {
    let count = Counter()
    let failures = Collected<String>()
    private let urls: [String]
    private let readers: Int
    private let flaw: @Sendable (HTTPAnswer) async throws -> String?

    /// - Parameters:
    ///   - urls: at least as many as readers.
    ///   - readers: how many tasks share them.
    ///   - flaw: what else is wrong with an answer, if anything.
    init(
        _ urls: [String], readers: Int, flaw: @Sendable @escaping (HTTPAnswer) async throws -> String? = { _ in nil }
    ) {
        precondition(1...urls.count ~= readers)
        self.urls = urls
        self.readers = readers
        self.flaw = flaw
    }

    /// Reads until a flag is set.
    func run(until stop: Flag) async {
        await withTaskGroup(of: Void.self) { group in
            for reader in 0..<readers { group.addTask { await self.read(reader, until: stop) } }
        }
    }

    /// Reads a share of the addresses.
    private func read(_ reader: Int, until stop: Flag) async {
        let share = urls.enumerated().filter { $0.offset % readers == reader }.map(\.element)
        var seen: [String: Int] = [:]
        while !stop.isSet {
            for url in share where !stop.isSet {
                do {
                    let answer = try await HTTP.get(url)
                    let (version, last) = (answer.version ?? 0, seen[url] ?? 1)
                    if answer.status != 200 {
                        failures.add("\(url): \(answer.status) \(answer.body)")
                    } else if version < last {
                        failures.add("\(url): version \(version) after \(last)")
                    } else if let flaw = try await flaw(answer) {
                        failures.add("\(url): \(flaw)")
                    }
                    seen[url] = version
                } catch {
                    failures.add("\(url): \(error)")
                }
                count.add()
                // As many as keep a short moment from going unseen, and leave the machine something for all else.
                try? await Task.sleep(for: .milliseconds(2))
            }
        }
    }
}

extension HTTPAnswer {
    /// The version that the entity tag names.
    var version: Int? { header("etag").flatMap { Int($0.filter(\.isNumber)) } }

    /// The body, from JSON.
    func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body.utf8))
    }
}

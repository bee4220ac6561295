// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport

/// Changes users and reads them all the while, and notes every answer that must not be.
final class RebuildLoad: Sendable {
    let reads = Counter()
    let changes = Counter()
    /// Reads that failed, or showed an older version than an earlier one.
    let failures = Collected<String>()
    private let system: TestSystem
    private let emails: [String]
    private let stop = Flag()

    init(system: TestSystem, emails: [String]) {
        self.system = system
        self.emails = emails
    }

    /// Runs around a body.
    func running(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reader in 0..<4 { group.addTask { await self.read(reader) } }
            for writer in 0..<2 { group.addTask { await self.change(writer) } }
            defer { stop.set() }
            try await body()
            stop.set()
            try await group.waitForAll()
        }
    }

    /// Waits until users were changed and read again.
    func expectProgress() async throws {
        let (reads, changes) = (reads.value, changes.value)
        try await eventually("further reads and changes", within: .seconds(60)) {
            self.reads.value > reads + 100 && self.changes.value > changes + 10
        }
    }

    /// Reads a share of the users again and again.
    private func read(_ reader: Int) async {
        var seen: [String: Int] = [:]
        while !stop.isSet {
            for email in emails.enumerated().filter({ $0.offset % 4 == reader }).map(\.element) where !stop.isSet {
                do {
                    let answer = try await system.get(email)
                    let version = answer.header("etag").flatMap { Int($0.filter(\.isNumber)) } ?? 0
                    if answer.status != 200 { failures.add("\(answer.status) for \(email): \(answer.body)") }
                    if version < seen[email] ?? 1 {
                        failures.add("\(email) at version \(version) after \(seen[email] ?? 1)")
                    }
                    seen[email] = version
                } catch {
                    failures.add("\(error)")
                }
                reads.add()
                // As many as keep a switch from going unseen, and leave the machine something for the rebuild.
                try? await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    private func change(_ writer: Int) async {
        while !stop.isSet {
            for email in emails.enumerated().filter({ $0.offset % 2 == writer }).map(\.element) where !stop.isSet {
                let name = "Ada \(changes.value)"
                let answer = try? await HTTP.send(
                    "PATCH", "\(system.commandAPI.url)/users/\(email)", json: #"{"name":"\#(name)"}"#)
                if answer?.status == 202 { changes.add() }
                try? await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation

/// What `--json` writes: all that was measured, and what is needed to measure it again.
struct Document: Encodable {
    let command: String
    let startedAt: String
    let seconds: Double
    let machine: Machine
    /// What was measured, in which version.
    let versions: [String: String]
    let settings: Settings
    let runs: [Run]

    struct Run: Encodable {
        let users: Int
        let summaries: [Summary]
        let turns: [Turn]
        let failures: [String]
    }

    /// Writes it to a file.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(filePath: path))
    }
}

/// What it was measured on.
struct Machine: Encodable {
    let processor = ProcFile.value("cpuinfo", "model name") ?? "unknown"
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let memoryMiB = Int(ProcessInfo.processInfo.physicalMemory >> 20)
    let system = ProcessInfo.processInfo.operatingSystemVersionString
    let kernel = ProcFile.read("sys/kernel/osrelease")?.trimmingCharacters(in: .newlines) ?? "unknown"
}

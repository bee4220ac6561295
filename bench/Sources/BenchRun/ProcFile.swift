// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation

/// What Linux tells of processes and of the machine in /proc.
enum ProcFile {
    private static let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))

    /// CPU seconds of a process, and of its children that have ended.
    struct ProcessTimes {
        var own: Double
        var ofEndedChildren: Double
    }

    /// - Returns: `nil` when there is no such process.
    static func times(of pid: Int32) -> ProcessTimes? {
        // The name in parentheses may hold anything, so count from behind it. Numbers as in proc(5), from 3 on.
        guard let text = read("\(pid)/stat"), let name = text.lastIndex(of: ")") else { return nil }
        let fields = text[name...].split(separator: " ").dropFirst()
        func seconds(_ number: Int) -> Double { (Double(fields[fields.startIndex + number - 3]) ?? 0) / ticksPerSecond }
        guard fields.count > 14 else { return nil }
        return ProcessTimes(own: seconds(14) + seconds(15), ofEndedChildren: seconds(16) + seconds(17))
    }

    /// The memory of a process that is in RAM, in MiB.
    static func residentMemory(of pid: Int32) -> Double? {
        read("\(pid)/status")?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            .flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first }
            .flatMap { Double($0) }.map { $0 / 1024 }
    }

    /// CPU seconds of the whole machine.
    struct MachineTimes {
        /// Spent by processes.
        var busy: Double
        /// Taken by the host for others.
        var stolen: Double
    }

    static func machineTimes() -> MachineTimes {
        // user nice system idle iowait irq softirq steal. Interrupts are served for everyone.
        let fields = (read("stat")?.split(separator: "\n").first ?? "").split(separator: " ").dropFirst()
            .map { (Double($0) ?? 0) / ticksPerSecond }
        guard fields.count >= 8 else { return MachineTimes(busy: 0, stolen: 0) }
        return MachineTimes(busy: fields[0] + fields[1] + fields[2], stolen: fields[7])
    }

    /// The first line of a file that begins so, without that and what separates it.
    static func value(_ file: String, _ key: String) -> String? {
        read(file)?.split(separator: "\n").first { $0.hasPrefix(key) }
            .flatMap { $0.split(separator: ":", maxSplits: 1).dropFirst().first }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// A whole file.
    static func read(_ name: String) -> String? { try? String(contentsOfFile: "/proc/\(name)", encoding: .utf8) }
}

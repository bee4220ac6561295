// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What the kernel says about this process; names as in every Prometheus client.
struct ProcessMetrics {
    private let residentBytes: Double
    private let virtualBytes: Double
    private let cpuSeconds: Double
    private let startTime: Double
    private let threads: Double
    private let openFiles: Int?

    /// Reads `/proc/self`; `nil` where there is none.
    static func read() -> ProcessMetrics? {
        guard let stat = text("/proc/self/stat"), let boot = bootTime,
            // The command's name stands in parentheses and may hold anything: fields are counted behind it.
            let end = stat.lastIndex(of: ")")
        else { return nil }
        // Field 3 of proc(5) is the first here.
        let fields = stat[stat.index(after: end)...].split(separator: " ").map { Double($0) ?? 0 }
        guard fields.count > 21 else { return nil }
        let ticks = Double(max(1, sysconf(CInt(_SC_CLK_TCK))))
        let pages = Double(max(1, sysconf(CInt(_SC_PAGESIZE))))
        return ProcessMetrics(
            residentBytes: fields[21] * pages, virtualBytes: fields[20], cpuSeconds: (fields[11] + fields[12]) / ticks,
            startTime: boot + fields[19] / ticks, threads: fields[17],
            openFiles: try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count)
    }

    func write(to text: inout ExpositionText) {
        write("process_resident_memory_bytes", "Resident memory.", .gauge, residentBytes, &text)
        write("process_virtual_memory_bytes", "Virtual memory.", .gauge, virtualBytes, &text)
        write("process_cpu_seconds_total", "User and system processor time.", .counter, cpuSeconds, &text)
        write("process_start_time_seconds", "Start of the process since the epoch.", .gauge, startTime, &text)
        write("process_threads", "Operating system threads.", .gauge, threads, &text)
        if let openFiles { write("process_open_fds", "Open file descriptors.", .gauge, Double(openFiles), &text) }
        if let limit = OpenFiles.limit {
            write("process_max_fds", "Limit on open file descriptors.", .gauge, Double(limit), &text)
        }
    }

    private func write(
        _ name: String, _ help: String, _ kind: MetricFamily.Kind, _ value: Double, _ text: inout ExpositionText
    ) {
        text.header(name: name, help: help, kind: kind)
        text.sample(name, LabelSet([]), value)
    }

    /// Seconds since the epoch at which the machine started.
    private static let bootTime: Double? = text("/proc/stat")?.split(separator: "\n")
        .first { $0.hasPrefix("btime ") }
        .flatMap { Double($0.dropFirst(6)) }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}

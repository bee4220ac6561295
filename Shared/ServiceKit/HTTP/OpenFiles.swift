// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Logging

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The process's limit on open files, which every connection counts against.
enum OpenFiles {
    /// Kept back for the connections to broker and database, for logs and for what the libraries open.
    static let reserve = 128

    /// `connections`, or what the limit leaves for them.
    static func bounded(_ connections: Int, logger: Logger) -> Int {
        guard let limit else { return connections }
        let room = max(16, limit - reserve)
        guard room < connections else { return connections }
        logger.notice(
            "fewer connections than configured: the limit on open files is low",
            metadata: ["connections": "\(room)", "openFiles": "\(limit)"])
        return room
    }

    /// The soft limit; `nil` when there is none or it is unknown.
    static var limit: Int? {
        guard let data = FileManager.default.contents(atPath: "/proc/self/limits") else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("Max open files") }?
            .split(separator: " ").dropFirst(3).first.flatMap { Int($0) }
    }
}

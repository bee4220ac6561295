// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import SystemPackage

/// Standard error, for the lines of a command; services log.
enum StandardError {
    static func line(_ text: String) {
        // Nobody can be told that telling failed.
        _ = try? FileDescriptor.standardError.writeAll((text + "\n").utf8)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import SystemPackage

/// Standard error, for what a command has to say beside its output; services log.
public enum StandardError {
    /// Writes a line.
    public static func line(_ text: String) { write(text + "\n") }

    /// Writes a text as it is.
    public static func write(_ text: String) {
        // Nobody can be told that telling failed.
        _ = try? FileDescriptor.standardError.writeAll(text.utf8)
    }
}

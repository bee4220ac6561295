// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The one argument of the servers that do nothing.
public enum ServerPort {
    /// Reads it.
    ///
    /// - Returns: `nil` unless it is a port.
    public static func read(_ arguments: [String]) -> Int? {
        guard arguments.count == 2, let port = UInt16(arguments[1]), port > 0 else { return nil }
        return Int(port)
    }
}

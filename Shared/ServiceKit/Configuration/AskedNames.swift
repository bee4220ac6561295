// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization

/// The environment variables that a reader was asked for, set or not: those that a command knows.
final class AskedNames: Sendable {
    private let names = Mutex<Set<String>>([])

    func add(_ name: String) { names.withLock { _ = $0.insert(name) } }

    /// All of them, in alphabetical order.
    var all: [String] { names.withLock { $0.sorted() } }

    /// Whether a variable is one of them, or names the file with the secret of one.
    func contains(_ name: String) -> Bool {
        names.withLock { names in
            names.contains(name) || ServiceSettings.secrets.contains { names.contains($0) && name == $0 + "_FILE" }
        }
    }
}

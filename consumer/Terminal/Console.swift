// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where a command prints and asks. Results go to standard output, everything said about them to standard error.
struct Console: Sendable {
    /// Whether somebody can answer a question.
    let isInteractive: Bool
    /// Whether a line on standard error can be written over.
    let overwritesLines: Bool
    private let output: @Sendable (String) -> Void
    private let errors: @Sendable (String) -> Void
    private let input: @Sendable () -> String?

    /// A console of any kind.
    init(
        isInteractive: Bool, overwritesLines: Bool, output: @escaping @Sendable (String) -> Void,
        errors: @escaping @Sendable (String) -> Void, input: @escaping @Sendable () -> String?
    ) {
        self.isInteractive = isInteractive
        self.overwritesLines = overwritesLines
        self.output = output
        self.errors = errors
        self.input = input
    }

    /// The process's own.
    static let standard = Console(
        isInteractive: isatty(FileDescriptor.standardInput.rawValue) == 1,
        overwritesLines: isatty(FileDescriptor.standardError.rawValue) == 1,
        // Nobody can be told that telling failed.
        output: { _ = try? FileDescriptor.standardOutput.writeAll($0.utf8) },
        errors: { _ = try? FileDescriptor.standardError.writeAll($0.utf8) },
        input: { readLine() })

    /// Prints a line of the result.
    func print(_ line: String) { output(line + "\n") }

    /// Says something about the result, or the work on it.
    func note(_ line: String) { errors(line + "\n") }

    /// Writes to standard error as it is.
    func write(_ text: String) { errors(text) }

    /// Asks a question, and waits for the answer with nothing else going on. Anything but `y` and `yes` is a no.
    func confirms(_ question: String) -> Bool {
        errors(question + " [y/N] ")
        return ["y", "yes"].contains(input()?.lowercased())
    }
}

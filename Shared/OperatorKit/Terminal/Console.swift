// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import SystemPackage

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Where a command prints and asks. Results go to standard output, everything said about them to standard error.
struct Console: Sendable {
    /// Whether somebody can answer a question.
    let isInteractive: Bool
    /// Whether a line on standard error can be written over.
    let overwritesLines: Bool
    private let output: @Sendable (String) throws -> Void
    private let keep: @Sendable () throws -> Void
    private let errors: @Sendable (String) -> Void
    private let input: @Sendable () -> String?

    /// A console of any kind.
    init(
        isInteractive: Bool, overwritesLines: Bool, output: @escaping @Sendable (String) throws -> Void,
        keep: @escaping @Sendable () throws -> Void = {}, errors: @escaping @Sendable (String) -> Void,
        input: @escaping @Sendable () -> String?
    ) {
        self.isInteractive = isInteractive
        self.overwritesLines = overwritesLines
        self.output = output
        self.keep = keep
        self.errors = errors
        self.input = input
    }

    /// The process's own.
    static let standard = Console(
        isInteractive: isatty(FileDescriptor.standardInput.rawValue) == 1,
        overwritesLines: isatty(FileDescriptor.standardError.rawValue) == 1,
        output: { text in
            do {
                try FileDescriptor.standardOutput.writeAll(text.utf8)
            } catch {
                throw OperatorError("standard output cannot be written: \(error)", OperatorExit.outputFailed)
            }
        },
        keep: {
            // What is no file has nothing to be kept (EINVAL), nor has one on a read-only file system (EROFS).
            guard fsync(FileDescriptor.standardOutput.rawValue) != 0, ![EINVAL, EROFS, ENOTSUP].contains(errno) else {
                return
            }
            throw OperatorError(
                "standard output cannot be kept: \(Errno(rawValue: errno))", OperatorExit.outputFailed)
        },
        // Nobody can be told that telling failed.
        errors: { _ = try? FileDescriptor.standardError.writeAll($0.utf8) },
        input: { readLine() })

    /// Prints a line of the result.
    ///
    /// - Throws: ``OperatorError`` when it cannot be written: whoever reads the result would miss it.
    func print(_ line: String) throws { try output(line + "\n") }

    /// Returns once what was printed is where it outlasts a crash, if it goes to a file: before that nothing may be done
    /// that a line vouches for.
    ///
    /// - Throws: ``OperatorError``.
    func keepPrinted() throws { try keep() }

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

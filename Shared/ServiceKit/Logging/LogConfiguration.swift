// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration
public import Logging
internal import SystemPackage

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// How a process logs: one line a record, to standard error; standard output belongs to the results of commands.
public struct LogConfiguration: Sendable, Equatable {
    /// The format.
    public var format: LogFormat
    /// The lowest level that is written.
    public var level: Logger.Level

    /// Creates a configuration.
    public init(format: LogFormat, level: Logger.Level = .info) {
        self.format = format
        self.level = level
    }

    /// Reads from a reader, usually scoped to `log`.
    ///
    /// - `format` (`LOG_FORMAT`, `json` or `text`, default `text` when standard error is a terminal, else `json`)
    /// - `level` (`LOG_LEVEL`, `trace` to `critical`, default `info`)
    ///
    /// - Throws: ``ConfigurationError`` with the name of the variable.
    public init(reader: ConfigReader) throws(ConfigurationError) {
        let isTerminal = isatty(FileDescriptor.standardError.rawValue) == 1
        format = try reader.choice("format", default: isTerminal ? LogFormat.text : .json)
        level = try reader.choice("level", default: Logger.Level.info)
    }

    /// Makes this the logging of the process. Call it once, in `main`.
    public func bootstrap() {
        LoggingSystem.bootstrap(
            { [self] label, provider in
                LineLogHandler(label: label, format: format, level: level, metadataProvider: provider) { line in
                    // One call for one line: the kernel keeps lines whole. A log that cannot be written cannot be
                    // logged either.
                    _ = try? FileDescriptor.standardError.writeAll(line)
                }
            }, metadataProvider: nil)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
public import Logging

/// Writes one line for each record, whole or not at all.
///
/// Line ends and other control characters in messages and metadata are escaped in both formats, so that nobody can forge
/// a record.
public struct LineLogHandler: LogHandler {
    /// The lowest level that is written.
    public var logLevel: Logger.Level
    /// Metadata of every record of this logger.
    public var metadata: Logger.Metadata = [:]
    /// Metadata from the task, such as a trace.
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let write: @Sendable ([UInt8]) -> Void

    /// Creates a handler.
    ///
    /// - Parameter write: takes one record with its line end; called from any thread.
    public init(
        label: String, format: LogFormat, level: Logger.Level, metadataProvider: Logger.MetadataProvider? = nil,
        write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.label = label
        self.format = format
        self.write = write
        self.metadataProvider = metadataProvider
        logLevel = level
    }

    /// One value of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a record.
    public func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        if let error = event.error { all["error"] = .string("\(error)") }
        let fields = all.sorted { $0.key < $1.key }
        switch format {
        case .json: write(json(event, fields))
        case .text: write(text(event, fields))
        }
    }

    private func json(_ event: LogEvent, _ fields: [(key: String, value: Logger.MetadataValue)]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("time", Timestamp.now().description)
        json.member("level", event.level.rawValue)
        json.member("logger", label)
        json.member("message", event.message.description)
        for (key, value) in fields where !Self.reserved.contains(key) {
            json.key(key)
            append(value, to: &json)
        }
        json.endObject()
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static let reserved: Set<String> = ["time", "level", "logger", "message"]

    private func append(_ value: Logger.MetadataValue, to json: inout JSONWriter) {
        switch value {
        case .string(let text): json.string(text)
        case .stringConvertible(let value): json.string(value.description)
        case .array(let values):
            json.beginArray()
            for value in values { append(value, to: &json) }
            json.endArray()
        case .dictionary(let values):
            json.beginObject()
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                json.key(key)
                append(value, to: &json)
            }
            json.endObject()
        }
    }

    private func text(_ event: LogEvent, _ fields: [(key: String, value: Logger.MetadataValue)]) -> [UInt8] {
        var line = "\(Timestamp.now()) \(event.level.rawValue.uppercased()) [\(label)] \(event.message)"
        for (key, value) in fields { line += " \(key)=\(value)" }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(line.utf8.count + 1)
        for byte in line.utf8 {
            if byte < 0x20 || byte == 0x7F {
                let hex = String(byte, radix: 16)
                bytes.append(contentsOf: "\\x\(hex.utf8.count < 2 ? "0" : "")\(hex)".utf8)
            } else {
                bytes.append(byte)
            }
        }
        return bytes + [UInt8(ascii: "\n")]
    }
}

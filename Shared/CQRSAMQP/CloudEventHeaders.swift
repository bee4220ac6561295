// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The headers of an event's message: CloudEvents 1.0 in binary mode over AMQP.
///
/// The CloudEvents AMQP binding (§3.1.3.1) names attributes `cloudEvents:name` or `cloudEvents_name`. We send the
/// latter, which JMS clients can read as well, and accept both.
enum CloudEventHeaders {
    static let prefixes = ["cloudEvents_", "cloudEvents:"]

    static let specVersion = "specversion"
    static let id = "id"
    static let source = "source"
    static let type = "type"
    static let subject = "subject"
    static let time = "time"
    static let streamVersion = "streamversion"
    static let dataSchema = "dataschema"

    /// The attributes' names as they are sent, put together once.
    enum Sent {
        static let specVersion = prefixes[0] + CloudEventHeaders.specVersion
        static let id = prefixes[0] + CloudEventHeaders.id
        static let source = prefixes[0] + CloudEventHeaders.source
        static let type = prefixes[0] + CloudEventHeaders.type
        static let subject = prefixes[0] + CloudEventHeaders.subject
        static let time = prefixes[0] + CloudEventHeaders.time
        static let streamVersion = prefixes[0] + CloudEventHeaders.streamVersion
        static let dataSchema = prefixes[0] + CloudEventHeaders.dataSchema
    }

    /// Not a CloudEvents attribute: W3C Trace Context keeps its own name everywhere.
    static let traceparent = "traceparent"

    static let supportedSpecVersion = "1.0"
    static let jsonContentType = "application/json"

    /// The URI of one version of an event's shape (CloudEvents §3.1, `dataschema`).
    static func dataSchema(type: String, version: Int) -> String { "urn:cqrs:schema:\(type):\(version)" }

    /// The version at the end of ``dataSchema(type:version:)``.
    static func schemaVersion(of uri: String, type: String) -> Int? {
        let prefix = "urn:cqrs:schema:\(type):"
        guard uri.hasPrefix(prefix), let version = Int(uri.dropFirst(prefix.count)), version >= 1 else { return nil }
        return version
    }
}

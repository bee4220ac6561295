// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The headers of an event's message: CloudEvents 1.0 in binary mode over AMQP.
///
/// The CloudEvents AMQP binding (§3.1.3.1) names attributes `cloudEvents:name` or `cloudEvents_name`. We send the
/// latter, which JMS clients can read as well, and accept both.
enum CloudEventHeaders {
    /// Not a CloudEvents attribute: W3C Trace Context keeps its own name everywhere.
    static let traceparent = "traceparent"

    static let supportedSpecVersion = "1.0"
    static let jsonContentType = "application/json"

    /// The URI of one version of an event's shape (CloudEvents §3.1, `dataschema`).
    static func dataSchema(type: String, version: Int) -> String { "urn:cqrs:schema:\(type):\(version)" }

    /// The version at the end of ``dataSchema(type:version:)``.
    static func schemaVersion(of uri: String, type: String) -> Int? {
        let prefix = "urn:cqrs:schema:" + type + ":"
        guard uri.hasPrefix(prefix), let version = Int(Substring(uri.utf8.dropFirst(prefix.utf8.count))), version >= 1
        else { return nil }
        return version
    }
}

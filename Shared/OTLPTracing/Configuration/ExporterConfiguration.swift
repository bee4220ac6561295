// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOSSL

/// Where spans are sent and how (OpenTelemetry specification, "OpenTelemetry Protocol Exporter").
public struct ExporterConfiguration: Sendable {
    /// The encoding of what is sent.
    public enum Encoding: String, Sendable, CaseIterable {
        /// Protocol Buffers.
        case protobuf = "http/protobuf"
        /// JSON.
        case json = "http/json"
    }

    /// How it is compressed.
    public enum Compression: String, Sendable, CaseIterable {
        /// Not at all.
        case none
        /// gzip (RFC 1952).
        case gzip
    }

    /// The URL.
    public var endpoint = "http://localhost:4318/v1/traces"
    /// The encoding.
    public var encoding = Encoding.protobuf
    /// Further header fields, which may hold a secret.
    public var headers: [(name: String, value: String)] = []
    /// How long one attempt may take.
    public var timeout = Duration.seconds(10)
    /// The compression.
    public var compression = Compression.none
    /// Whom to trust and who we are; `nil` for the system's certificates and nobody.
    var tls: TLSConfiguration?

    /// The specification's defaults.
    public init() {}
}

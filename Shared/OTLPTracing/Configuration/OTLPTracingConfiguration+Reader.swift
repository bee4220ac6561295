// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration
public import Essentials
internal import NIOSSL

extension OTLPTracingConfiguration {
    /// Reads the environment variables of the OpenTelemetry specification from a reader scoped to `otel`, so that
    /// `bspScheduleDelay` is `OTEL_BSP_SCHEDULE_DELAY`.
    ///
    /// | Key | Type | Default | Range |
    /// |---|---|---|---|
    /// | `sdkDisabled` | `true`, `false` | `false` | |
    /// | `tracesExporter` | word | `none` | `otlp`, `none` |
    /// | `serviceName` | text | `service` | |
    /// | `resourceAttributes` | `key=value,…` | none | |
    /// | `tracesSampler` | word | `parentbased_always_on` | the six of the specification |
    /// | `tracesSamplerArg` | ratio | 1 | 0 to 1 |
    /// | `bspScheduleDelay` | milliseconds | 5000 | 1 to 3600000 |
    /// | `bspExportTimeout` | milliseconds | 30000 | 1 to 3600000 |
    /// | `bspMaxQueueSize` | spans | 2048 | 1 to 1048576 |
    /// | `bspMaxExportBatchSize` | spans | 512 | 1 to `bspMaxQueueSize` |
    /// | `attributeValueLengthLimit` | characters | no limit | 0 to 1048576 |
    /// | `attributeCountLimit` | attributes | 128 | 0 to 65536 |
    /// | `spanAttributeValueLengthLimit` | characters | `attributeValueLengthLimit` | 0 to 1048576 |
    /// | `spanAttributeCountLimit` | attributes | `attributeCountLimit` | 0 to 65536 |
    /// | `spanEventCountLimit` | events | 128 | 0 to 65536 |
    /// | `spanLinkCountLimit` | links | 128 | 0 to 65536 |
    /// | `eventAttributeCountLimit` | attributes | 128 | 0 to 65536 |
    /// | `linkAttributeCountLimit` | attributes | 128 | 0 to 65536 |
    /// | `exporterOtlpEndpoint` | URL; `v1/traces` is added | `http://localhost:4318` | http, https |
    /// | `exporterOtlpProtocol` | word | `http/protobuf` | `http/protobuf`, `http/json` |
    /// | `exporterOtlpHeaders` | `name=value,…`, secret | none | |
    /// | `exporterOtlpTimeout` | milliseconds | 10000 | 1 to 3600000 |
    /// | `exporterOtlpCompression` | word | `none` | `gzip`, `none` |
    /// | `exporterOtlpCertificate` | path, PEM | the system's certificates | |
    /// | `exporterOtlpClientCertificate` | path, PEM | none | with `…ClientKey` |
    /// | `exporterOtlpClientKey` | path, PEM | none | with `…ClientCertificate` |
    ///
    /// The last eight are also there as `exporterOtlpTraces…`, which come first; `exporterOtlpTracesEndpoint` is used as
    /// it is.
    ///
    /// - Parameters:
    ///   - reader: the reader. Every setting is read, whether anything is traced or not.
    ///   - service: the service's name unless it is set.
    ///   - version: its version.
    ///   - instance: what tells this process from others of the service.
    /// - Returns: `nil` when nothing is to be traced, which is the default.
    /// - Throws: ``OTLPTracingError`` with the key of a value that is malformed or out of range. The specification would
    ///   have it ignored, but who sets something wants to know that it has no effect.
    public init?(
        reader: ConfigReader, service: String, version: String, instance: String = UUIDv7(at: .now()).description
    ) throws {
        let keys = OTLPTracingKeys(reader: reader)
        let isDisabled = try keys.flag("sdkDisabled")
        let isExported = try keys.choice("tracesExporter", of: ["none", "otlp"]) == "otlp"

        let attributes = try keys.list("resourceAttributes")
        resource = TracedResource(
            service: service, version: version, instance: instance,
            attributes: Dictionary(attributes.map { ($0.key, $0.value) }) { $1 })
        if let name = keys.text("serviceName") { resource.attributes["service.name"] = name }

        let ratio = try keys.ratio("tracesSamplerArg") ?? 1
        if let name = try keys.choice("tracesSampler", of: Sampler.names), let chosen = Sampler(name, ratio: ratio) {
            sampler = chosen
        }
        try readBatchLimits(keys)
        try readSpanLimits(keys)
        exporter = try ExporterConfiguration(keys)
        guard isExported, !isDisabled else { return nil }
    }

    private mutating func readBatchLimits(_ keys: OTLPTracingKeys) throws(OTLPTracingError) {
        batchLimits.scheduleDelay = try keys.milliseconds("bspScheduleDelay") ?? batchLimits.scheduleDelay
        batchLimits.exportTimeout = try keys.milliseconds("bspExportTimeout") ?? batchLimits.exportTimeout
        batchLimits.queueSize = try keys.integer("bspMaxQueueSize", 1...(1 << 20)) ?? batchLimits.queueSize
        batchLimits.batchSize =
            try keys.integer("bspMaxExportBatchSize", 1...batchLimits.queueSize)
            ?? min(batchLimits.batchSize, batchLimits.queueSize)
    }

    private mutating func readSpanLimits(_ keys: OTLPTracingKeys) throws(OTLPTracingError) {
        func count(_ key: String) throws(OTLPTracingError) -> Int? { try keys.integer(key, 0...65_536) }
        let (length, attributes) = (
            try keys.integer("attributeValueLengthLimit", 0...(1 << 20)), try count("attributeCountLimit")
        )
        spanLimits.attributeValueLength = try keys.integer("spanAttributeValueLengthLimit", 0...(1 << 20)) ?? length
        spanLimits.attributes = try count("spanAttributeCountLimit") ?? attributes ?? spanLimits.attributes
        spanLimits.events = try count("spanEventCountLimit") ?? spanLimits.events
        spanLimits.links = try count("spanLinkCountLimit") ?? spanLimits.links
        spanLimits.eventAttributes = try count("eventAttributeCountLimit") ?? attributes ?? spanLimits.eventAttributes
        spanLimits.linkAttributes = try count("linkAttributeCountLimit") ?? attributes ?? spanLimits.linkAttributes
    }
}

extension ExporterConfiguration {
    private static let (general, traces) = ("exporterOtlp", "exporterOtlpTraces")

    fileprivate init(_ keys: OTLPTracingKeys) throws(OTLPTracingError) {
        self.init()
        // Both are read, so that a bad one is found and a known one is known.
        func either<Value>(
            _ rest: String, _ read: (String) throws(OTLPTracingError) -> Value?
        ) throws(OTLPTracingError) -> Value? {
            let (own, all) = (try read(Self.traces + rest), try read(Self.general + rest))
            return own ?? all
        }
        let base = try keys.url(Self.general + "Endpoint").map { $0.hasSuffix("/") ? $0 : $0 + "/" }
        endpoint = try keys.url(Self.traces + "Endpoint") ?? base.map { $0 + "v1/traces" } ?? endpoint
        encoding =
            try either("Protocol") { key throws(OTLPTracingError) in
                try keys.choice(key, of: Encoding.allCases.map(\.rawValue))
            }
            .flatMap { Encoding(rawValue: $0) } ?? encoding
        compression =
            try either("Compression") { key throws(OTLPTracingError) in
                try keys.choice(key, of: Compression.allCases.map(\.rawValue))
            }
            .flatMap { Compression(rawValue: $0) } ?? compression
        headers =
            try either("Headers") { key throws(OTLPTracingError) in try keys.headers(key) }?
            .map { ($0.key, $0.value) } ?? headers
        timeout = try either("Timeout") { key throws(OTLPTracingError) in try keys.milliseconds(key) } ?? timeout

        let authorities = try either("Certificate") { key throws(OTLPTracingError) in
            try keys.file(key) { try NIOSSLCertificate.fromPEMFile($0) }
        }
        let certificates = try either("ClientCertificate") { key throws(OTLPTracingError) in
            try keys.file(key) { try NIOSSLCertificate.fromPEMFile($0) }
        }
        let privateKey = try either("ClientKey") { key throws(OTLPTracingError) in
            try keys.file(key) { try NIOSSLPrivateKey(file: $0, format: .pem) }
        }
        guard (certificates == nil) == (privateKey == nil) else {
            throw OTLPTracingError(
                key: Self.general + (privateKey == nil ? "ClientKey" : "ClientCertificate"),
                problem: "is not set, but the other of the two is")
        }
        guard authorities != nil || certificates != nil else { return }
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authorities { tls.trustRoots = .certificates(authorities) }
        if let certificates { tls.certificateChain = certificates.map { .certificate($0) } }
        if let privateKey { tls.privateKey = .privateKey(privateKey) }
        self.tls = tls
    }
}

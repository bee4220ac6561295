// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Configuration
import Testing

@testable import OTLPTracing

struct ConfigurationTests {
    private func read(_ environment: [String: String]) throws -> OTLPTracingConfiguration? {
        let variables = ["OTEL_TRACES_EXPORTER": "otlp"].merging(environment) { $1 }
        let reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: variables))
        return try OTLPTracingConfiguration(
            reader: reader.scoped(to: "otel"), service: "command-api", version: "1.2.3", instance: "one")
    }

    @Test("Nothing is traced unless it is asked for")
    func off() throws {
        #expect(try read(["OTEL_TRACES_EXPORTER": ""]) == nil)
        #expect(try read(["OTEL_TRACES_EXPORTER": "none"]) == nil)
        #expect(try read(["OTEL_SDK_DISABLED": "True"]) == nil)
        #expect(try read(["OTEL_SDK_DISABLED": "false"]) != nil)
    }

    @Test("The defaults are those of the specification")
    func defaults() throws {
        let configuration = try #require(try read([:]))
        #expect(configuration.sampler == .parentBasedAlwaysOn)
        #expect(configuration.spanLimits == SpanLimits())
        #expect(configuration.batchLimits == BatchLimits())
        #expect(configuration.exporter.endpoint == "http://localhost:4318/v1/traces")
        #expect(configuration.exporter.encoding == .protobuf)
        #expect(configuration.exporter.compression == .none)
        #expect(configuration.exporter.timeout == .seconds(10))
        #expect(configuration.exporter.headers.isEmpty)
        #expect(configuration.resource.attributes["service.name"] == "command-api")
        #expect(configuration.resource.attributes["service.version"] == "1.2.3")
    }

    @Test("The path is added to the address of a collector, and not to that of its traces")
    func endpoint() throws {
        #expect(
            try read(["OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector:4318/otlp/"])?.exporter.endpoint
                == "https://collector:4318/otlp/v1/traces")
        #expect(
            try read([
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://one", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://two:1/spans",
            ])?.exporter.endpoint == "http://two:1/spans")
    }

    @Test("What is said of traces comes before what is said of everything")
    func traces() throws {
        let exporter = try #require(
            try read([
                "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/json",
                "OTEL_EXPORTER_OTLP_TIMEOUT": "1000", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "2000",
                "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip", "OTEL_EXPORTER_OTLP_HEADERS": "a=1",
                "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "api-key=se%2Ccret, b = 2 ",
            ])
        ).exporter
        #expect(exporter.encoding == .json)
        #expect(exporter.timeout == .seconds(2))
        #expect(exporter.compression == .gzip)
        #expect(exporter.headers.map { "\($0.name): \($0.value)" } == ["api-key: se,cret", "b: 2"])
    }

    @Test("The service's name comes before that among the resource's attributes")
    func resource() throws {
        let attributes = "service.name=a,deployment.environment.name=test%20one"
        let first = try #require(try read(["OTEL_RESOURCE_ATTRIBUTES": attributes])).resource.attributes
        #expect(first["service.name"] == "a")
        #expect(first["deployment.environment.name"] == "test one")
        let second = try read(["OTEL_RESOURCE_ATTRIBUTES": attributes, "OTEL_SERVICE_NAME": "b"])
        #expect(second?.resource.attributes["service.name"] == "b")
    }

    @Test("Limits")
    func limits() throws {
        let configuration = try #require(
            try read([
                "OTEL_BSP_SCHEDULE_DELAY": "100", "OTEL_BSP_EXPORT_TIMEOUT": "200", "OTEL_BSP_MAX_QUEUE_SIZE": "30",
                "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "7", "OTEL_ATTRIBUTE_COUNT_LIMIT": "8",
                "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "9", "OTEL_SPAN_EVENT_COUNT_LIMIT": "10",
                "OTEL_SPAN_LINK_COUNT_LIMIT": "11", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT": "12",
            ]))
        #expect(configuration.batchLimits.scheduleDelay == .milliseconds(100))
        #expect(configuration.batchLimits.exportTimeout == .milliseconds(200))
        #expect(configuration.batchLimits.queueSize == 30)
        #expect(configuration.batchLimits.batchSize == 30)
        var limits = SpanLimits()
        limits.attributeValueLength = 7
        (limits.attributes, limits.events, limits.links) = (9, 10, 11)
        (limits.eventAttributes, limits.linkAttributes) = (8, 12)
        #expect(configuration.spanLimits == limits)
    }

    @Test("The sampler and its ratio")
    func sampler() throws {
        let configuration = try read([
            "OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.5",
        ])
        #expect(configuration?.sampler == Sampler(root: .below(1 << 63), followsParent: true))
    }

    @Test(
        "A value that cannot be used is refused by the name of its key, whether anything is traced or not",
        arguments: [
            ("OTEL_SDK_DISABLED", "yes", "sdkDisabled"), ("OTEL_TRACES_EXPORTER", "zipkin", "tracesExporter"),
            ("OTEL_TRACES_SAMPLER", "often", "tracesSampler"), ("OTEL_TRACES_SAMPLER_ARG", "2", "tracesSamplerArg"),
            ("OTEL_TRACES_SAMPLER_ARG", "nan", "tracesSamplerArg"),
            ("OTEL_BSP_SCHEDULE_DELAY", "5s", "bspScheduleDelay"), ("OTEL_BSP_MAX_QUEUE_SIZE", "0", "bspMaxQueueSize"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4096", "bspMaxExportBatchSize"),
            ("OTEL_SPAN_EVENT_COUNT_LIMIT", "-1", "spanEventCountLimit"),
            ("OTEL_RESOURCE_ATTRIBUTES", "novalue", "resourceAttributes"),
            ("OTEL_RESOURCE_ATTRIBUTES", "a=%zz", "resourceAttributes"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "exporterOtlpEndpoint"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "exporterOtlpProtocol"),
            ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "zstd", "exporterOtlpTracesCompression"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "a b=1", "exporterOtlpHeaders"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "a=%0Ab", "exporterOtlpHeaders"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "0", "exporterOtlpTimeout"),
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nonexistent", "exporterOtlpCertificate"),
        ])
    func refused(name: String, value: String, key: String) {
        for exporter in ["otlp", "none"] {
            let error = #expect(throws: OTLPTracingError.self) {
                try read(["OTEL_TRACES_EXPORTER": exporter].merging([name: value]) { $1 })
            }
            #expect(error?.key == key)
        }
    }

    @Test("A header that cannot be used is not repeated in the error")
    func secret() {
        let error = #expect(throws: OTLPTracingError.self) {
            try read(["OTEL_EXPORTER_OTLP_HEADERS": "authorization=secret%zz"])
        }
        #expect(error?.description.contains("secret") == false)
    }
}

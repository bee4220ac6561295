// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Who the spans are of: `service.name` and whatever else an operator says.
public struct TracedResource: Sendable, Hashable {
    /// What made the spans, to those who read them.
    static let library = "swift-cqrs"

    /// By the names of the semantic conventions.
    public var attributes: [String: String]

    /// A resource.
    ///
    /// - Parameters:
    ///   - service: `service.name`.
    ///   - version: `service.version`.
    ///   - instance: `service.instance.id`: no two processes have the same.
    ///   - attributes: further ones, which come before those.
    public init(service: String, version: String, instance: String, attributes: [String: String] = [:]) {
        self.attributes = [
            "service.name": service, "service.version": version, "service.instance.id": instance,
            "telemetry.sdk.name": Self.library, "telemetry.sdk.language": "swift", "telemetry.sdk.version": version,
        ].merging(attributes) { $1 }
    }
}

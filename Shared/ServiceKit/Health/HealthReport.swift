// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What `/ready` found out.
public struct HealthReport: Sendable, Equatable {
    /// One dependency's result.
    public struct Dependency: Sendable, Equatable {
        /// The dependency's name.
        public let name: String
        /// Whether the service needs it.
        public let kind: ReadinessCheck.Kind
        /// Whether it can be used.
        public let readiness: Readiness
        /// How long the question took.
        public let duration: Duration
    }

    /// Whether the service is being stopped.
    public let isDraining: Bool
    /// The dependencies, in the order in which they were declared.
    public let dependencies: [Dependency]

    /// Whether the service shall get requests.
    public var isReady: Bool {
        !isDraining && dependencies.allSatisfy { $0.readiness == .ready || $0.kind == .informational }
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        writeMembers(to: &json)
        json.endObject()
    }

    /// Writes the members of the report, with how long each dependency took if `isTimed`.
    func writeMembers(to json: inout JSONWriter, isTimed: Bool = false) {
        json.member("ready", isReady)
        if isDraining { json.member("reason", "the service is stopping") }
        json.key("dependencies")
        json.beginArray()
        for dependency in dependencies {
            json.beginObject()
            json.member("name", dependency.name)
            json.member("ok", dependency.readiness == .ready)
            if dependency.kind == .informational { json.member("required", false) }
            if case .notReady(let reason) = dependency.readiness { json.member("reason", reason) }
            if isTimed { json.member("durationMs", Int64(dependency.duration / .milliseconds(1))) }
            json.endObject()
        }
        json.endArray()
    }
}

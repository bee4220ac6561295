// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// The OpenAPI document of an API: what the API says of its own routes, and what ServiceKit says of those that every
/// service has.
public struct OpenAPIDocument: Sendable {
    /// The document as JSON.
    public let json: [UInt8]

    /// Puts an API's document together and completes it: adds `service.json`, to whose components it may refer, and the
    /// project's version.
    ///
    /// All parts are built into the program, so one that is no JSON object, or that describes what another one does, is a
    /// mistake of the programmer.
    ///
    /// - Parameters:
    ///   - document: what the API says of itself.
    ///   - parts: what each context adds: paths and components, which may refer to those of other parts.
    public init(_ document: [UInt8], _ parts: [[UInt8]] = []) {
        var info = JSONObject()
        info.append("version", .string(projectVersion))
        var version = JSONObject()
        version.append("info", .object(info))

        var whole = JSONObject()
        // Down to a component's name, or a path's method.
        for part in [document] + parts { whole.unite(Self.parse(part), depth: 2) }
        whole.merge(Self.parse(PackageResources.service_json))
        whole.merge(version)
        var writer = JSONWriter(capacity: 64 << 10)
        writer.value(.object(whole))
        json = writer.bytes
    }

    private static func parse(_ document: [UInt8]) -> JSONObject {
        do {
            guard let object = try JSON.parseObject(document) else { preconditionFailure("not an object") }
            return object
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

extension JSONObject {
    /// Adds the members of another object. Where both have an object under a name, these are united in the same way, so
    /// many levels deep; nothing else may be in both.
    fileprivate mutating func unite(_ other: JSONObject, depth: Int) {
        for member in other.members {
            if depth > 0, case .object(var own) = self[member.name], case .object(let others) = member.value {
                own.unite(others, depth: depth - 1)
                self[member.name] = .object(own)
            } else if !append(member.name, member.value) {
                preconditionFailure("\(member.name) is described twice")
            }
        }
    }

    /// Adds the members of another object. Where both have an object under a name they are merged in the same way; any
    /// other member stays as it is.
    fileprivate mutating func merge(_ other: JSONObject) {
        for member in other.members {
            if case .object(var own) = self[member.name], case .object(let others) = member.value {
                own.merge(others)
                self[member.name] = .object(own)
            } else {
                append(member.name, member.value)
            }
        }
    }
}

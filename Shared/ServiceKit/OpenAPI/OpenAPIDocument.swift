// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// The OpenAPI document of an API: what the API says of its own routes, and what ServiceKit says of those that every
/// service has.
public struct OpenAPIDocument: Sendable {
    /// The document as JSON.
    public let json: [UInt8]

    /// Completes an API's document: adds `service.json`, to whose components it may refer, and the project's version.
    ///
    /// - Parameter document: the API's own part. It is built into the program, so one that is no JSON object is a mistake
    ///   of the programmer.
    public init(_ document: [UInt8]) {
        var info = JSONObject()
        info.append("version", .string(projectVersion))
        var version = JSONObject()
        version.append("info", .object(info))

        var whole = Self.parse(document)
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

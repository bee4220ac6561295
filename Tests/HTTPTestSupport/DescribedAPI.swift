// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import Essentials

/// An API as its OpenAPI document describes it.
public struct DescribedAPI: Sendable {
    /// One method of one path.
    public struct Operation: Sendable {
        /// As in `GET /users/{email}`.
        public let route: String
        /// Its members.
        public let members: JSONObject
    }

    /// The whole document.
    public let document: JSONObject
    /// Every operation, in the document's order.
    public let operations: [Operation]

    /// Reads a document.
    ///
    /// - Throws: when it is no JSON, or paths and operations are not where OpenAPI has them.
    public init(_ json: [UInt8]) throws {
        document = try JSON.parse(json).object()
        operations = try document.object("paths").members.flatMap { path in
            try path.value.object().members.filter { $0.name != "parameters" }.map { method in
                Operation(route: "\(method.name.uppercased()) \(path.name)", members: try method.value.object())
            }
        }
    }

    /// What `$ref` members name and the document does not have.
    public var danglingReferences: [String] { references(in: .object(document)).filter { !has($0) } }

    private func references(in value: JSONValue) -> [String] {
        switch value {
        case .object(let object):
            object.members.flatMap { member in
                if member.name == "$ref", case .string(let reference) = member.value { return [reference] }
                return references(in: member.value)
            }
        case .array(let elements): elements.flatMap { references(in: $0) }
        default: []
        }
    }

    private func has(_ reference: String) -> Bool {
        var part = JSONValue.object(document)
        for name in reference.split(separator: "/").dropFirst() {
            guard let next = try? part.object()[String(name)] else { return false }
            part = next
        }
        return reference.hasPrefix("#/")
    }
}

extension JSONObject {
    /// A member that is an object.
    ///
    /// - Throws: ``NoSuchObject`` when there is none.
    public func object(_ name: String) throws -> JSONObject {
        guard let member = self[name] else { throw NoSuchObject() }
        return try member.object()
    }
}

extension JSONValue {
    /// The object that it is.
    ///
    /// - Throws: ``NoSuchObject`` when it is something else.
    public func object() throws -> JSONObject {
        guard case .object(let object) = self else { throw NoSuchObject() }
        return object
    }
}

/// Something is no object that should be one.
public struct NoSuchObject: Error {}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Reads the JSON object in a recorded event, for ``DomainEvent/decode(latest:)``.
///
/// It is strict: a member has the type that is asked for, or the event is malformed; `null` is no value of any. Its errors
/// name a member and never quote a value.
public struct EventData: Sendable {
    /// The data as it is.
    public let object: JSONObject
    /// What stands before a member's name in errors: `lines[2].` in an object of a list, and nothing at the top.
    private let path: String

    /// Parses the event's data.
    ///
    /// - Throws: ``MalformedEvent`` when it is not a JSON object.
    public init(_ event: RecordedEvent) throws(MalformedEvent) {
        let parsed: JSONObject?
        do throws(JSONSyntaxError) {
            parsed = try JSON.parseObject(event.data)
        } catch {
            throw MalformedEvent(.invalidData, "\(error)")
        }
        guard let parsed else { throw MalformedEvent(.invalidData, "not a JSON object") }
        self.init(parsed, path: "")
    }

    private init(_ object: JSONObject, path: String) {
        self.object = object
        self.path = path
    }

    /// A member that must be a string.
    ///
    /// - Throws: ``MalformedEvent`` when it is missing or something else.
    public func string(_ name: String) throws(MalformedEvent) -> String { try required(name, \.string) }

    /// A member that must be a string if it is there.
    ///
    /// - Throws: ``MalformedEvent`` when it is something else.
    public func optionalString(_ name: String) throws(MalformedEvent) -> String? { try optional(name, \.string) }

    /// A member that must be a whole number, written without fraction and exponent.
    ///
    /// - Parameter range: what it may be.
    /// - Throws: ``MalformedEvent`` when it is missing, something else, or out of range.
    public func integer(_ name: String, in range: ClosedRange<Int> = .min ... .max) throws(MalformedEvent) -> Int {
        try required(name) { value in value.integer.flatMap { range.contains($0) ? $0 : nil } }
    }

    /// A member that must be a version 7 UUID.
    ///
    /// - Throws: ``MalformedEvent`` when it is missing or something else.
    public func uuid(_ name: String) throws(MalformedEvent) -> UUIDv7 {
        try required(name) { value in value.string.flatMap { UUIDv7($0) } }
    }

    /// A member that must be a moment as RFC 3339 writes it, if it is there.
    ///
    /// - Throws: ``MalformedEvent`` when it is something else.
    public func optionalTimestamp(_ name: String) throws(MalformedEvent) -> Timestamp? {
        try optional(name) { value in value.string.flatMap { Timestamp(rfc3339: $0) } }
    }

    /// A member that must be a list of objects.
    ///
    /// - Throws: ``MalformedEvent`` when it is missing, something else, or has anything else in it.
    public func objects(_ name: String) throws(MalformedEvent) -> [EventData] {
        try required(name, \.objects).enumerated().map { EventData($1, path: "\(path)\(name)[\($0)].") }
    }

    private func required<Value>(
        _ name: String, _ read: (JSONValue) -> Value?
    ) throws(MalformedEvent) -> Value {
        guard let value = object[name].flatMap(read) else { throw malformed(name) }
        return value
    }

    private func optional<Value>(
        _ name: String, _ read: (JSONValue) -> Value?
    ) throws(MalformedEvent) -> Value? {
        object[name] == nil ? nil : try required(name, read)
    }

    private func malformed(_ name: String) -> MalformedEvent { MalformedEvent(.invalidData, path + name) }
}

extension JSONValue {
    fileprivate var string: String? { if case .string(let text) = self { text } else { nil } }

    fileprivate var integer: Int? { if case .number(let number) = self { number.integer } else { nil } }

    fileprivate var objects: [JSONObject]? {
        guard case .array(let values) = self else { return nil }
        let objects = values.compactMap { if case .object(let object) = $0 { object } else { nil } }
        return objects.count == values.count ? objects : nil
    }
}

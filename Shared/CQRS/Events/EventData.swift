// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Reads the JSON object in a recorded event, for ``DomainEvent/decode(latest:)``.
///
/// Its errors name a member and never quote a value.
public struct EventData: Sendable {
    /// The data as it is.
    public let object: JSONObject

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
        object = parsed
    }

    /// A member that must be a string.
    ///
    /// - Throws: ``MalformedEvent`` when it is missing or something else.
    public func string(_ name: String) throws(MalformedEvent) -> String {
        guard case .string(let text) = object[name] else { throw MalformedEvent(.invalidData, name) }
        return text
    }
}

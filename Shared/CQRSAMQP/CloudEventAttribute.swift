// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An attribute of an event, and the headers that may have it; put together once.
struct CloudEventAttribute: Sendable {
    /// The attribute's name.
    let name: String
    /// The header that we send.
    let header: String
    /// The header that others may send.
    let alternative: String

    private init(_ name: String) {
        self.name = name
        header = "cloudEvents_" + name
        alternative = "cloudEvents:" + name
    }

    static let specVersion = CloudEventAttribute("specversion")
    static let id = CloudEventAttribute("id")
    static let source = CloudEventAttribute("source")
    static let type = CloudEventAttribute("type")
    static let subject = CloudEventAttribute("subject")
    static let time = CloudEventAttribute("time")
    static let streamVersion = CloudEventAttribute("streamversion")
    static let dataSchema = CloudEventAttribute("dataschema")
}

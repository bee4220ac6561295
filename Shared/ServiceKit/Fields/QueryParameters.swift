// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials
public import Hummingbird

/// Reads the parameters of a URL's query one by one and remembers everything that is wrong.
///
/// Parameters nobody asked for are errors too, and so are those that are given twice: a misspelt name must not be
/// dropped silently. A plus sign is a space, as HTML forms and most clients write one.
///
///     var parameters = QueryParameters(request)
///     let limit = parameters.integer("limit", in: 1...500) ?? 50
///     let name = parameters.string("name") ?? ""
///     try parameters.finish()
public struct QueryParameters: Sendable {
    private struct Parameter {
        let name: String
        /// `nil` when it is not percent-encoded UTF-8.
        let value: String?
    }

    private let parameters: [Parameter]
    private var asked: Set<ExactText> = []
    private var errors: [(name: String, detail: String)] = []

    /// Reads the query of a request; one without a query has no parameters.
    public init(_ request: Request) { self.init(query: request.uri.query ?? "") }

    /// Reads a query as it stands in a URL, without the question mark.
    init(query: String) {
        parameters = query.split(separator: "&").map { pair in
            let name = pair.prefix { $0 != "=" }
            return Parameter(
                name: Self.decode(name) ?? String(name), value: Self.decode(pair.dropFirst(name.count + 1)))
        }
    }

    private static func decode(_ text: Substring) -> String? {
        PercentEncoding.decode(String(text.map { $0 == "+" ? " " : $0 }))
    }

    /// Whether a parameter was sent. Does not count as asked for.
    public func contains(_ name: String) -> Bool { parameters.contains { $0.name.isExactly(name) } }

    /// A parameter's text; `nil` when it is absent or after noting an error. Counts as asked for.
    public mutating func string(_ name: String) -> String? {
        asked.insert(ExactText(name))
        let sent = parameters.filter { $0.name.isExactly(name) }
        guard let first = sent.first else { return nil }
        if sent.count > 1 {
            refuse(name, "must be given once")
        } else if first.value == nil {
            refuse(name, "must be percent-encoded UTF-8")
        } else {
            return first.value
        }
        return nil
    }

    /// A whole number within `range`, of digits alone; `nil` when it is absent or after noting an error.
    public mutating func integer<Number: FixedWidthInteger>(_ name: String, in range: ClosedRange<Number>) -> Number? {
        guard let text = string(name) else { return nil }
        let isPlain = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isPlain, let number = Number(text), range.contains(number) else {
            refuse(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A moment in RFC 3339, such as `2026-03-01T12:00:00+01:00`; `nil` when it is absent or after noting an error.
    ///
    /// The offset's plus sign may stand for itself, as it does in what people type, and its colon may be missing, as in what
    /// some generated clients send.
    public mutating func time(_ name: String) -> Timestamp? {
        guard let text = string(name) else { return nil }
        var bytes = Array(text.utf8)
        // Behind the time `+0100` is `+01:00` and nothing else (ISO 8601's basic form).
        if bytes.count > 19, bytes.suffix(4).allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            [UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: " ")].contains(bytes[bytes.count - 5])
        {
            bytes.insert(UInt8(ascii: ":"), at: bytes.count - 2)
        }
        // The only place of a space behind the time is that of the sign.
        if bytes.count > 19, let sign = bytes.dropLast(5).indices.last, bytes[sign] == UInt8(ascii: " ") {
            bytes[sign] = UInt8(ascii: "+")
        }
        guard let time = Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self)) else {
            refuse(name, "must be a time in RFC 3339, such as 2026-03-01T12:00:00Z")
            return nil
        }
        return time
    }

    /// Notes that a parameter is invalid.
    ///
    /// - Parameter detail: what is wrong, without the value.
    public mutating func refuse(_ name: String, _ detail: String) {
        guard errors.count < FieldErrors.limit else { return }
        errors.append((name, detail))
    }

    /// Ends the reading: every parameter nobody asked for becomes an error as well.
    ///
    /// - Throws: 400 `invalid-parameters` with everything that was noted, unless there is nothing.
    public mutating func finish() throws(ProblemDetails) {
        var unknown: Set<ExactText> = []
        for parameter in parameters
        where !asked.contains(ExactText(parameter.name)) && unknown.insert(ExactText(parameter.name)).inserted {
            refuse(parameter.name, "is not a known parameter")
        }
        guard errors.isEmpty else { throw ProblemDetails(invalidParameters: errors) }
    }
}

extension ProblemDetails {
    /// 400 `invalid-parameters`.
    ///
    /// - Parameter errors: every parameter that is wrong, and what is wrong with it, without its value.
    public init(invalidParameters errors: [(name: String, detail: String)]) {
        let list = errors.map { error in
            var object = JSONObject()
            object.append("parameter", .string(error.name))
            object.append("detail", .string(error.detail))
            return JSONValue.object(object)
        }
        var members = JSONObject()
        members.append("errors", .array(list))
        self.init(.invalidParameters, extensions: members)
    }
}

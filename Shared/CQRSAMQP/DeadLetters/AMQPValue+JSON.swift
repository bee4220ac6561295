// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

package import AMQP
package import Essentials

extension AMQPValue {
    /// The value in JSON, as close as JSON comes: bytes in hexadecimal digits, times in RFC 3339.
    package var json: JSONValue {
        if let integer { return .number(JSONNumber(integer)) }
        switch self {
        case .bool(let value): return .bool(value)
        case .float(let value): return Self.json(Double(value))
        case .double(let value): return Self.json(value)
        case .decimal(let scale, let value): return .string("\(value)e-\(scale)")
        case .string(let text): return .string(text)
        case .bytes(let bytes): return .string(Hex.digits(bytes))
        case .array(let values): return .array(values.map(\.json))
        case .timestamp(let seconds): return .string(Self.time(seconds))
        case .table(let table): return .object(table.json)
        case .void: return .null
        case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64: return .null
        }
    }

    /// The moment of a timestamp; the number itself when it is none of these ages.
    package static func time(_ seconds: UInt64) -> String {
        guard seconds < 1 << 40 else { return "\(seconds)" }
        return Timestamp(millisecondsSinceEpoch: Int64(seconds) * 1000).description
    }

    private static func json(_ value: Double) -> JSONValue {
        // Swift's text of a finite number is JSON's as well; infinity and not-a-number have none.
        (try? JSON.parse(Array("\(value)".utf8))) ?? .string("\(value)")
    }
}

extension AMQPTable {
    /// The table in JSON, in its order. Of equal names the first counts.
    package var json: JSONObject {
        var object = JSONObject()
        for (name, value) in entries { object.append(name, value.json) }
        return object
    }
}

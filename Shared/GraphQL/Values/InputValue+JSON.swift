// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials

extension InputValue {
    /// A value of which no type is known.
    init(_ value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .bool(let value): .boolean(value)
            case .number(let number):
                switch ScalarInput(number) {
                case .int(let text), .float(let text): .number(text)
                case .value(let value): value
                }
            case .string(let text): .string(text)
            case .array(let values): .list(values.map { InputValue($0) })
            case .object(let object):
                .object(
                    Dictionary(object.members.map { ($0.name, InputValue($0.value)) }, uniquingKeysWith: { $1 }))
            }
    }

    /// A whole number if it is one and fits, else a float; `null` what is larger than any.
    static func number(_ text: String) -> InputValue {
        if let value = Int(text) { return .int(value) }
        guard let value = Double(text), value.isFinite else { return .null }
        return .float(value)
    }
}

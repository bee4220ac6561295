// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials

/// What a scalar is read from. Numbers keep their digits, for types that want them.
enum ScalarInput: Sendable {
    /// A whole number, of any size.
    case int(String)
    /// A number with a fraction or an exponent.
    case float(String)
    case value(InputValue)

    /// JSON has one kind of numbers, so a whole one is an integer however it is written.
    init(_ number: JSONNumber) {
        if number.text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        ) {
            self = .int(number.text)
        } else if let double = number.double, let whole = Int(exactly: double) {
            self = .int(String(whole))
        } else {
            self = .float(number.text)
        }
    }

    init(_ value: JSONValue) {
        if case .number(let number) = value { self.init(number) } else { self = .value(InputValue(value)) }
    }

    /// - Parameter value: the literal as a value of which no type is known.
    init(_ literal: ValueNode.Kind, value: InputValue) {
        switch literal {
        case .int(let text): self = .int(text)
        case .float(let text): self = .float(text)
        default: self = .value(value)
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The scalars of section 3.5. What a resolver gives is converted only where nothing can be lost.
extension ScalarCoding {
    static let specified: [String: ScalarCoding] = [
        "Int": .integer(in: Int(Int32.min)...Int(Int32.max)),
        "Float": ScalarCoding(read: readFloat, write: writeFloat),
        "String": ScalarCoding(
            read: { if case .value(.string(let text)) = $0 { .string(text) } else { nil } },
            write: { if case .string = $0 { $0 } else { nil } }),
        "Boolean": ScalarCoding(
            read: { if case .value(.boolean(let value)) = $0 { .boolean(value) } else { nil } },
            write: { if case .boolean = $0 { $0 } else { nil } }),
        "ID": ScalarCoding(read: readIdentifier, write: writeIdentifier),
    ]

    /// Section 3.5.2: what is not representable as a finite number of double precision is refused. That a whole number keeps all
    /// its digits can be told; of a fraction nobody expects it.
    @Sendable private static func readFloat(_ input: ScalarInput) -> InputValue? {
        switch input {
        case .int(let text):
            guard let value = Double(text), value.isFinite else { return nil }
            if let whole = Int(text), Int(exactly: value) != whole { return nil }
            return .float(value)
        case .float(let text):
            guard let value = Double(text), value.isFinite else { return nil }
            return .float(value)
        case .value:
            return nil
        }
    }

    @Sendable private static func writeFloat(_ value: ResponseValue) -> ResponseValue? {
        switch value {
        case .float(let number) where number.isFinite: value
        case .int(let number): Double(exactly: number).map { .float($0) }
        default: nil
        }
    }

    @Sendable private static func readIdentifier(_ input: ScalarInput) -> InputValue? {
        switch input {
        case .int(let text): .string(text)
        case .value(.string(let text)): .string(text)
        default: nil
        }
    }

    @Sendable private static func writeIdentifier(_ value: ResponseValue) -> ResponseValue? {
        switch value {
        case .string: value
        case .int(let number): .string(String(number))
        default: nil
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

extension ResponseValue {
    /// What a value that was read as JSON is to the specification's scalars. ``json(_:)`` takes one as it is, for other scalars.
    ///
    /// A number that is neither a whole one of 64 bits nor a finite one of double precision becomes null.
    public init(_ value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .bool(let value): .boolean(value)
            case .number(let number):
                if let whole = number.integer {
                    .int(whole)
                } else if let double = number.double, double.isFinite {
                    .float(double)
                } else {
                    .null
                }
            case .string(let text): .string(text)
            case .array(let values): .list(values.map { ResponseValue($0) })
            case .object(let object):
                .object(ResponseObject(object.members.map { ($0.name, ResponseValue($0.value)) }))
            }
    }
}

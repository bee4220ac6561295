// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// One invalid field of a request.
public struct FieldError: Sendable, Equatable {
    /// The JSON pointer of the field (RFC 6901), such as `/email`; empty for the whole document.
    public let pointer: String
    /// What is wrong, in words that do not repeat the value.
    public let detail: String

    /// Describes an invalid field.
    public init(pointer: String, detail: String) {
        self.pointer = pointer
        self.detail = detail
    }

    /// The pointer of the member `name` of the value at `parent`, escaped by RFC 6901 §3.
    public static func pointer(_ parent: String = "", to name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            return parent + "/" + name
        }
        var escaped = parent + "/"
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// `Host` (RFC 9110 §7.2).
enum HostField {
    /// Whether a value has only what a host and a port can have (RFC 3986 §3.2.2), and white space behind, which SwiftNIO
    /// leaves there. It may be empty: what the client asks for has no authority then.
    static func isValid(_ value: String) -> Bool {
        value.utf8.drop { allowed[Int($0)] }.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    private static let allowed: [Bool] = {
        var allowed = Array(repeating: false, count: 256)
        let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        for byte in (letters + "-._~%!$&'()*+,;=:[]").utf8 { allowed[Int(byte)] = true }
        return allowed
    }()
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// Where a management API is, and who logs in.
struct ManagementURL: Equatable {
    /// Scheme, host, port and path, without a slash at the end. May be shown.
    let address: String
    /// The login, if the URL has one.
    let login: Login?

    /// A user and a password.
    struct Login: Equatable {
        let user: String
        let password: String
    }

    /// Why a URL cannot be used, without the URL, which may hold a password.
    struct Invalid: Error, Equatable {
        let problem: String
    }

    /// Reads `http://user:password@host:15672`. User and password are percent-encoded (RFC 3986 §3.2.1).
    init(_ text: String) throws(Invalid) {
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            throw Invalid(problem: "it begins with neither http:// nor https://")
        }
        var rest = text.dropFirst(scheme.count)
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !rest.contains("?"), !rest.contains("#") else {
            throw Invalid(problem: "it holds more than user, password, host, port and path")
        }
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        if let at = rest[..<end].lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let user = PercentEncoding.decode(parts[0]),
                let password = PercentEncoding.decode(parts[1])
            else {
                throw Invalid(problem: "its login is not user:password, percent-encoded")
            }
            login = Login(user: user, password: password)
            rest = rest[rest.index(after: at)...]
        } else {
            login = nil
        }
        while rest.last == "/" { rest = rest.dropLast() }
        guard let first = rest.first, first != "/", first != ":" else { throw Invalid(problem: "it names no host") }
        address = scheme + rest
    }

    /// A name as one segment of a path: everything but RFC 3986's unreserved characters is encoded, the slash of the
    /// virtual host `/` as well.
    static func segment(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%" + Hex.digits([byte]).uppercased()
            }
        }
        return text
    }
}

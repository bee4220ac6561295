// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension AMQPConfiguration {
    /// Reads a URL such as `amqps://user:password@broker.example/virtual%2Fhost?heartbeat=10`; for a cluster with several
    /// hosts, `amqp://a.example,b.example:5673,c.example`.
    ///
    /// The form is RabbitMQ's URI specification, which knows one host, and MongoDB's comma between several: scheme `amqp` (port 5672) or `amqps` (port 5671); user, password, host
    /// and virtual host with percent-encoding; an IPv6 address in brackets. A missing part keeps its default, and an
    /// empty virtual host is `/`. Query parameters: `heartbeat` (seconds), `connection_timeout` (milliseconds),
    /// `cacertfile` (a path) and `verify` (`verify_peer` or `verify_none`).
    ///
    /// - Throws: ``AMQPError/Code/invalidArgument`` for anything else, an unknown parameter included.
    public init(url: String) throws(AMQPError) {
        guard let separator = url.firstRange(of: "://") else { throw Self.invalid("no scheme") }
        let tls: TLS?
        let port: UInt16
        switch url[..<separator.lowerBound].lowercased() {
        case "amqp": (tls, port) = (nil, 5672)
        case "amqps": (tls, port) = (TLS(), 5671)
        default: throw Self.invalid("the scheme is neither amqp nor amqps")
        }
        self.init(port: port, tls: tls)

        var rest = url[separator.upperBound...]
        guard !rest.contains("#") else { throw Self.invalid("it has a fragment") }
        var query: Substring?
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        if let slash = rest.firstIndex(of: "/") {
            let path = rest[rest.index(after: slash)...]
            guard !path.contains("/") else { throw Self.invalid("the virtual host has an unencoded slash") }
            if !path.isEmpty { virtualHost = try Self.decode(path) }
            rest = rest[..<slash]
        }
        if let at = rest.lastIndex(of: "@") {
            let login = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = try Self.decode(login[0])
            if login.count == 2 { password = try Self.decode(login[1]) }
            rest = rest[rest.index(after: at)...]
        }
        addresses = try rest.split(separator: ",", omittingEmptySubsequences: false).map { text throws(AMQPError) in
            guard !text.isEmpty || rest.isEmpty else { throw Self.invalid("a host is missing") }
            return try Self.address(text, port: port)
        }
        for parameter in query?.split(separator: "&") ?? [] { try set(parameter) }
        try validate()
    }

    private static func address(_ text: Substring, port defaultPort: UInt16) throws(AMQPError) -> AMQPAddress {
        var address = AMQPAddress(port: defaultPort)
        var port: Substring?
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw invalid("a bracket is not closed") }
            address.host = String(text[text.index(after: text.startIndex)..<end])
            let after = text[text.index(after: end)...]
            guard after.isEmpty || after.first == ":" else { throw invalid("something follows the address") }
            port = after.isEmpty ? nil : after.dropFirst()
        } else {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if let name = parts.first, !name.isEmpty { address.host = try decode(name) }
            port = parts.count == 2 ? parts[1] : nil
        }
        guard let port else { return address }
        guard let number = UInt16(port), number > 0 else { throw invalid("the port is not 1 to 65535") }
        address.port = number
        return address
    }

    private mutating func set(_ parameter: Substring) throws(AMQPError) {
        let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw Self.invalid("a parameter has no value") }
        let value = try Self.decode(parts[1])
        switch parts[0] {
        case "heartbeat":
            guard let seconds = Int(value) else { throw Self.invalid("heartbeat is not a number") }
            heartbeat = .seconds(seconds)
        case "connection_timeout":
            guard let milliseconds = Int(value) else { throw Self.invalid("connection_timeout is not a number") }
            connectTimeout = .milliseconds(milliseconds)
        case "cacertfile":
            guard tls != nil else { throw Self.invalid("cacertfile needs amqps") }
            tls?.caFile = value
        case "verify":
            guard tls != nil, value == "verify_peer" || value == "verify_none" else {
                throw Self.invalid("verify is not verify_peer or verify_none, or the scheme is not amqps")
            }
            tls?.verifiesPeer = value == "verify_peer"
        default:
            throw Self.invalid("a parameter is unknown")
        }
    }

    /// Percent-decoding (RFC 3986 §2.1); NUL is refused because the C library would end the text there.
    private static func decode(_ text: Substring) throws(AMQPError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                throw invalid("a percent sign is not followed by two hexadecimal digits")
            }
            bytes.append(high << 4 | low)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw invalid("a part is not UTF-8 text")
        }
        return decoded
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        UInt8(String(UnicodeScalar(byte)), radix: 16)
    }

    /// The text says what is wrong without repeating the URL, which holds a password.
    private static func invalid(_ text: String) -> AMQPError { AMQPError(.invalidArgument, "broker URL: \(text)") }
}

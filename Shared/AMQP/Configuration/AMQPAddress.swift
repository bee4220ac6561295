// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Where one broker listens.
public struct AMQPAddress: Sendable, Hashable {
    /// Its host name or address. With TLS use a name: addresses in certificates are not matched.
    public var host: String
    /// Its port, from 1.
    public var port: UInt16

    /// A broker's address.
    public init(host: String = "localhost", port: UInt16 = 5672) {
        self.host = host
        self.port = port
    }
}

extension AMQPAddress: CustomStringConvertible {
    /// Host and port, as in a URL.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

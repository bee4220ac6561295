// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Where the brokers are, who connects, and how long anything may take.
public struct AMQPConfiguration: Sendable, Hashable {
    /// How the connection is encrypted.
    public struct TLS: Sendable, Hashable {
        /// A file of certificates in PEM format that the broker's certificate must lead to; `nil` for the system's.
        public var caFile: String?
        /// Whether the broker's certificate and host name are checked. Without it anyone in between can read along.
        public var verifiesPeer: Bool

        /// Encryption with a verified peer, unless said otherwise.
        public init(caFile: String? = nil, verifiesPeer: Bool = true) {
            self.caFile = caFile
            self.verifiesPeer = verifiesPeer
        }
    }

    /// The brokers of one cluster, at least one. Each attempt to connect tries them in random order, so that clients spread
    /// over those that live.
    public var addresses: [AMQPAddress]
    /// The virtual host.
    public var virtualHost: String
    /// The user.
    public var user: String
    /// The password; not part of any description.
    public var password: String
    /// Encryption, `nil` for none.
    public var tls: TLS?
    /// What the broker's management calls the connection.
    public var connectionName: String?
    /// A peer that is silent for twice this long is taken for dead. Whole seconds, 1 s to 1 h; zero switches it off, so
    /// that a frozen broker is noticed only by ``publishTimeout``.
    public var heartbeat: Duration
    /// The longest that connecting to one broker may take, and then logging in again as long.
    public var connectTimeout: Duration
    /// The longest wait for the answer to a declaration and the like, and for a write to make progress.
    public var rpcTimeout: Duration
    /// The longest that ``AMQPPublisher/publish(_:)-([AMQPMessage])`` waits for its confirms, with reconnecting and
    /// everything.
    public var publishTimeout: Duration
    /// How many messages may be on their way without a confirm. At least 1.
    public var windowMessages: Int
    /// How many bytes of bodies may be on their way without a confirm. A larger message goes alone.
    public var windowBytes: Int
    /// The first delay before connecting again; it doubles with each attempt that fails. Each delay is drawn from its
    /// upper half.
    public var reconnectMinimum: Duration
    /// The longest delay before connecting again.
    public var reconnectMaximum: Duration

    /// A configuration with the defaults that ``init(reader:)`` lists.
    public init(
        host: String = "localhost", port: UInt16 = 5672, virtualHost: String = "/", user: String = "guest",
        password: String = "guest", tls: TLS? = nil
    ) {
        addresses = [AMQPAddress(host: host, port: port)]
        self.virtualHost = virtualHost
        self.user = user
        self.password = password
        self.tls = tls
        // The shortest that RabbitMQ's guide to heartbeats recommends.
        heartbeat = .seconds(5)
        connectTimeout = .seconds(3)
        rpcTimeout = .seconds(5)
        publishTimeout = .seconds(5)
        windowMessages = 1024
        windowBytes = 4 << 20
        reconnectMinimum = .milliseconds(100)
        reconnectMaximum = .seconds(5)
    }
}

extension AMQPConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The addresses, without user and password.
    public var description: String {
        "\(tls == nil ? "amqp" : "amqps")://\(addresses.map(\.description).joined(separator: ","))"
    }

    /// As ``description``.
    public var debugDescription: String { description }

    /// Without user and password, so that `dump` does not show them either.
    public var customMirror: Mirror {
        Mirror(self, children: ["addresses": addresses, "virtualHost": virtualHost])
    }
}

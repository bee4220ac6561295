// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Exchanges, queues and bindings that belong together. Declaring them again changes nothing.
public struct AMQPTopology: Sendable, Hashable {
    /// The exchanges.
    public var exchanges: [AMQPExchange]
    /// The queues.
    public var queues: [AMQPQueue]
    /// The bindings; they may name exchanges and queues that are not declared here.
    public var bindings: [AMQPBinding]
    /// Bindings that must not be, since others take their place.
    public var replacedBindings: [AMQPBinding]

    /// A topology; declared in the order exchanges, queues, bindings. What must not be is removed last, so that at no moment both
    /// ways are closed.
    public init(
        exchanges: [AMQPExchange] = [], queues: [AMQPQueue] = [], bindings: [AMQPBinding] = [],
        replacedBindings: [AMQPBinding] = []
    ) {
        self.exchanges = exchanges
        self.queues = queues
        self.bindings = bindings
        self.replacedBindings = replacedBindings
    }
}

/// An exchange.
public struct AMQPExchange: Sendable, Hashable {
    /// How an exchange routes.
    public struct Kind: RawRepresentable, Sendable, Hashable {
        /// The name of the exchange type.
        public let rawValue: String
        /// An exchange type by its name, for those that plug-ins add.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// By equal routing key.
        public static let direct = Kind(rawValue: "direct")
        /// To every binding.
        public static let fanout = Kind(rawValue: "fanout")
        /// By a pattern of the routing key's words.
        public static let topic = Kind(rawValue: "topic")
        /// By header values.
        public static let headers = Kind(rawValue: "headers")
        /// To one binding, always the same for a routing key or header (the plugin `rabbitmq_consistent_hash_exchange`).
        public static let consistentHash = Kind(rawValue: "x-consistent-hash")
    }

    /// Its name, 1 to 255 UTF-8 bytes.
    public var name: String
    /// How it routes.
    public var kind: Kind
    /// Whether it survives a restart of the broker.
    public var durable: Bool
    /// Whether it goes when its last binding goes.
    public var autoDelete: Bool
    /// Whether only other exchanges may publish to it.
    public var isInternal: Bool
    /// Further arguments, such as `alternate-exchange`.
    public var arguments: AMQPTable

    /// An exchange, durable unless said otherwise.
    public init(
        name: String, kind: Kind, durable: Bool = true, autoDelete: Bool = false, isInternal: Bool = false,
        arguments: AMQPTable = [:]
    ) {
        self.name = name
        self.kind = kind
        self.durable = durable
        self.autoDelete = autoDelete
        self.isInternal = isInternal
        self.arguments = arguments
    }
}

/// A queue.
public struct AMQPQueue: Sendable, Hashable {
    /// Its name, 1 to 255 UTF-8 bytes.
    public var name: String
    /// Whether it survives a restart of the broker.
    public var durable: Bool
    /// Whether only the declaring connection may use it, with which it ends.
    public var exclusive: Bool
    /// Whether it goes when its last consumer goes.
    public var autoDelete: Bool
    /// Further arguments, such as `x-queue-type`.
    public var arguments: AMQPTable

    /// A queue, durable unless said otherwise.
    public init(
        name: String, durable: Bool = true, exclusive: Bool = false, autoDelete: Bool = false,
        arguments: AMQPTable = [:]
    ) {
        self.name = name
        self.durable = durable
        self.exclusive = exclusive
        self.autoDelete = autoDelete
        self.arguments = arguments
    }
}

/// A binding: what makes an exchange pass messages on.
public struct AMQPBinding: Sendable, Hashable {
    /// Where a binding leads.
    public enum Destination: Sendable, Hashable {
        /// To the queue of this name.
        case queue(String)
        /// To the exchange of this name (a RabbitMQ extension).
        case exchange(String)
    }

    /// The exchange that messages come from.
    public var source: String
    /// Where they go.
    public var destination: Destination
    /// Which of them: a routing key, or for a topic exchange a pattern.
    public var routingKey: String
    /// Further arguments, for exchanges that route by headers.
    public var arguments: AMQPTable

    /// A binding.
    public init(source: String, destination: Destination, routingKey: String, arguments: AMQPTable = [:]) {
        self.source = source
        self.destination = destination
        self.routingKey = routingKey
        self.arguments = arguments
    }
}

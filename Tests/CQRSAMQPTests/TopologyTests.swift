// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRSAMQP
import Foundation
import TestSupport
import Testing
import Users

/// The parts of RabbitMQ's definitions file that the code describes as well.
private struct Definitions: Decodable {
    struct Exchange: Decodable, Hashable {
        let name: String
        let type: String
        let durable: Bool
    }
    struct Queue: Decodable, Hashable {
        let name: String
        let durable: Bool
        let arguments: [String: String]
    }
    struct Binding: Decodable, Hashable {
        let source: String
        let destination: String
        let destination_type: String
        let routing_key: String
    }
    let exchanges: [Exchange]
    let queues: [Queue]
    let bindings: [Binding]

    static func load() throws -> Definitions {
        let file = packageRoot.appending(path: "deploy/rabbitmq/definitions.json")
        return try JSONDecoder().decode(Definitions.self, from: Data(contentsOf: file))
    }
}

@Suite("The topology")
struct TopologyTests {
    private let inCode = [
        EventTopology.exchanges, EventTopology.subscription(of: Users.name, eventPattern: Users.eventPattern),
    ]

    @Test("has the same exchanges in code as in the definitions file")
    func exchanges() throws {
        let described = inCode.flatMap(\.exchanges).map {
            Definitions.Exchange(name: $0.name, type: $0.kind.rawValue, durable: $0.durable)
        }
        #expect(Set(described) == Set(try Definitions.load().exchanges))
    }

    @Test("has the same queues in code as in the definitions file")
    func queues() throws {
        let described = inCode.flatMap(\.queues).map { queue in
            Definitions.Queue(
                name: queue.name, durable: queue.durable,
                arguments: Dictionary(
                    uniqueKeysWithValues: queue.arguments.entries.map { ($0.key, $0.value.string ?? "\($0.value)") }))
        }
        #expect(Set(described) == Set(try Definitions.load().queues))
    }

    @Test("has the same bindings in code as in the definitions file")
    func bindings() throws {
        let described = inCode.flatMap(\.bindings).map { binding in
            switch binding.destination {
            case .queue(let name):
                Definitions.Binding(
                    source: binding.source, destination: name, destination_type: "queue",
                    routing_key: binding.routingKey)
            case .exchange(let name):
                Definitions.Binding(
                    source: binding.source, destination: name, destination_type: "exchange",
                    routing_key: binding.routingKey)
            }
        }
        #expect(Set(described) == Set(try Definitions.load().bindings))
    }
}

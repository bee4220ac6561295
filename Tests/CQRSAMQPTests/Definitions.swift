// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import Essentials
import Foundation
import TestSupport
import Testing

/// RabbitMQ's definitions file, read strictly: what the code does not describe fails the test that reads it.
struct Definitions {
    let exchanges: [AMQPExchange]
    let queues: [AMQPQueue]
    let bindings: [AMQPBinding]
    let policies: [BrokerPolicy]

    init() throws {
        let file = packageRoot.appending(path: "deploy/rabbitmq/definitions.json")
        let document = try #require(try JSON.parseObject(Array(Data(contentsOf: file))))
        exchanges = try Self.objects(document, "exchanges").map { object in
            AMQPExchange(
                name: try object.text("name"), kind: AMQPExchange.Kind(rawValue: try object.text("type")),
                durable: try object.flag("durable"), autoDelete: try object.flag("auto_delete"),
                isInternal: try object.flag("internal"), arguments: try object.arguments())
        }
        queues = try Self.objects(document, "queues").map { object in
            AMQPQueue(
                name: try object.text("name"), durable: try object.flag("durable"),
                autoDelete: try object.flag("auto_delete"), arguments: try object.arguments())
        }
        bindings = try Self.objects(document, "bindings").map { object in
            let name = try object.text("destination")
            let isQueue = try object.text("destination_type") == "queue"
            return AMQPBinding(
                source: try object.text("source"), destination: isQueue ? .queue(name) : .exchange(name),
                routingKey: try object.text("routing_key"), arguments: try object.arguments())
        }
        policies = try Self.objects(document, "policies").map { object in
            BrokerPolicy(
                name: try object.text("name"),
                target: try #require(BrokerPolicy.Target(rawValue: try object.text("apply-to"))),
                pattern: try object.text("pattern"), priority: try object.integer("priority"),
                definition: try object.members("definition"))
        }
    }

    private static func objects(_ document: JSONObject, _ name: String) throws -> [JSONObject] {
        guard case .array(let elements)? = document[name] else { throw Missing(name: name) }
        return try elements.map { element in
            guard case .object(let object) = element else { throw Missing(name: name) }
            #expect(try object.text("vhost") == "/")
            return object
        }
    }

    struct Missing: Error {
        let name: String
    }
}

extension JSONObject {
    fileprivate func text(_ name: String) throws -> String {
        guard case .string(let text)? = self[name] else { throw Definitions.Missing(name: name) }
        return text
    }

    fileprivate func flag(_ name: String) throws -> Bool {
        guard case .bool(let flag)? = self[name] else { throw Definitions.Missing(name: name) }
        return flag
    }

    fileprivate func integer(_ name: String) throws -> Int {
        guard case .number(let number)? = self[name], let integer = number.integer else {
            throw Definitions.Missing(name: name)
        }
        return integer
    }

    fileprivate func members(_ name: String) throws -> [String: JSONValue] {
        guard case .object(let object)? = self[name] else { throw Definitions.Missing(name: name) }
        return Dictionary(uniqueKeysWithValues: object.members.map { ($0.name, $0.value) })
    }

    /// Arguments that are texts, which all of ours are.
    fileprivate func arguments() throws -> AMQPTable {
        var table: AMQPTable = [:]
        for (name, value) in try members("arguments") {
            guard case .string(let text) = value else { throw Definitions.Missing(name: name) }
            table[name] = .string(text)
        }
        return table
    }
}

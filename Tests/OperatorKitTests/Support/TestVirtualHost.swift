// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import ArgumentParser
import CQRS
import CQRSAMQP
import Essentials
import Foundation
import HTTPTestSupport
import NIOCore
import TestSupport
import Testing

@testable import Consumer
@testable import OperatorKit

/// A virtual host of a test's own on the shared broker, empty at first.
struct TestVirtualHost: Sendable {
    /// How the administrator gets in.
    let broker: AMQPConfiguration
    /// Its management API.
    let management: ManagementAPI
    /// Where that is, without a login.
    let managementAddress: String
    private let name: String

    /// Makes one for the time of a body; on a machine without a broker the body is left out.
    static func with(_ body: (TestVirtualHost) async throws -> Void) async throws {
        guard let amqpURL = try TestEnvironment.amqpURL(), let managementURL = try TestEnvironment.managementURL()
        else {
            return
        }
        var broker = try AMQPConfiguration(url: amqpURL)
        broker.virtualHost = "test-\(UUID().uuidString.prefix(8))/x"
        broker.connectTimeout = .seconds(20)
        broker.rpcTimeout = .seconds(60)
        broker.publishTimeout = .seconds(60)
        let url = try ManagementURL(managementURL)
        let host = TestVirtualHost(
            broker: broker, management: ManagementAPI(url: url, broker: broker), managementAddress: url.address,
            name: ManagementURL.segment(broker.virtualHost))
        try await host.send("PUT", "vhosts/\(host.name)")
        do {
            try await host.permit(broker.user, configure: ".*", write: ".*", read: ".*")
            try await body(host)
        } catch {
            // The test has failed already: what it failed of is what counts.
            try? await host.send("DELETE", "vhosts/\(host.name)")
            throw error
        }
        try await host.send("DELETE", "vhosts/\(host.name)")
    }

    /// The same with the topology that the code describes.
    static func withTopology(_ body: (TestVirtualHost) async throws -> Void) async throws {
        try await with { host in
            let status = try await TopologyCommand<Consumer>.Declare.parse([]).execute(
                host.broker, host.management, Recorder().console)
            #expect(status == 0)
            try await body(host)
        }
    }

    /// Gives a user rights here.
    func permit(_ user: String, configure: String, write: String, read: String) async throws {
        var json = JSONWriter()
        json.beginObject()
        json.member("configure", configure)
        json.member("write", write)
        json.member("read", read)
        json.endObject()
        try await send("PUT", "permissions/\(name)/\(user)", json: String(decoding: json.bytes, as: UTF8.self))
    }

    /// Gives the user `consumer`, which `scripts/servers` makes, the rights that the definitions file gives it.
    func permitConsumer() async throws {
        let file = packageRoot.appending(path: "deploy/rabbitmq/definitions.json")
        let document = try JSONDecoder().decode(Permissions.self, from: Data(contentsOf: file))
        let rights = try #require(document.permissions.first { $0.user == "consumer" })
        try await permit(rights.user, configure: rights.configure, write: rights.write, read: rights.read)
    }

    private struct Permissions: Decodable {
        struct Rights: Decodable {
            let user: String
            let configure: String
            let write: String
            let read: String
        }
        let permissions: [Rights]
    }

    /// Removes a policy.
    func removePolicy(_ policy: String) async throws { try await send("DELETE", "policies/\(name)/\(policy)") }

    private func send(_ method: String, _ path: String, json: String = "{}") async throws {
        let login = Data("\(broker.user):\(broker.password)".utf8).base64EncodedString()
        let answer = try await HTTP.send(
            method, "\(managementAddress)/api/\(path)", json: json, headers: [("Authorization", "Basic \(login)")],
            timeout: .seconds(60))
        try #require((200..<300).contains(answer.status), "\(method) \(path): \(answer.status) \(answer.body)")
    }

    // MARK: Messages

    /// Publishes to a queue, in this order.
    func publish(_ messages: [AMQPMessage]) async throws {
        try await AMQPPublisher.running(broker) { publisher in
            for error in await publisher.publish(messages) { try #require(error == nil) }
        }
    }

    /// How many messages of a queue are ready.
    func count(_ queue: String) async throws -> Int {
        try await AMQPConnection.withConnection(broker) { try await $0.checkQueue(queue).messages }
    }

    /// Takes this many messages off a queue.
    func take(_ count: Int, from queue: String) async throws -> [AMQPDelivery] {
        try await AMQPConnection.withConnection(broker) { connection in
            try await connection.consume(queue: queue, prefetch: 1000)
            var deliveries: [AMQPDelivery] = []
            let deadline = ContinuousClock.now + .seconds(60)
            while deliveries.count < count, ContinuousClock.now < deadline {
                let batch = try await connection.nextDeliveries(maximum: 1000, within: .seconds(1))
                try await connection.acknowledge(batch)
                deliveries += batch
            }
            return deliveries
        }
    }

    /// The ids of the dead letters, in the order of the queue.
    func letterIDs() async throws -> [String] {
        try await DeadLetterQueue.withQueue("users.projection.dead", broker) { try await $0.allIDs() }
    }
}

extension DeadLetterQueue {
    /// The ids of all letters, in their order.
    func allIDs() async throws -> [String] {
        try await read { reader in
            var ids: [String] = []
            while case let batch = try await reader.next(), !batch.isEmpty { ids += batch.map(\.record.id) }
            return ids
        }
    }
}

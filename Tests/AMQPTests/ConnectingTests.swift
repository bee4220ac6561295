// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import TestSupport
import Testing

@Suite("Connecting", .enabled(if: TestBroker.isThere, TestBroker.note), .timeLimit(.minutes(1)))
struct ConnectingTests {
    private func error(_ change: (inout AMQPConfiguration) -> Void) async throws -> AMQPError? {
        var configuration = try TestBroker.configuration()
        change(&configuration)
        let changed = configuration
        return await failure { try await AMQPConnection.withConnection(changed) { _ in } }
    }

    @Test("with a wrong password ends in a typed error")
    func password() async throws {
        let error = try await error { $0.password = "wrong-\(0)" }
        #expect(error?.code == .authenticationRefused)
        #expect(error?.replyCode == 403)
    }

    @Test("to a virtual host that does not exist ends in a typed error")
    func virtualHost() async throws {
        let error = try await error { $0.virtualHost = "/no/such" }
        #expect(error?.code == .accessRefused)
        #expect(error?.replyCode == 530)
    }

    @Test("where nobody listens ends in a typed error")
    func nobody() async throws {
        let port = UInt16(freePort())
        #expect(try await error { $0.addresses[0].port = port }?.code == .connectionFailed)
    }

    @Test("finds the broker that lives, wherever it stands among those that do not")
    func cluster() async throws {
        var configuration = try TestBroker.configuration()
        let port = UInt16(freePort())
        configuration.addresses += [AMQPAddress(host: "127.0.0.1", port: port), AMQPAddress(host: "no.invalid")]
        for _ in 1...10 { try await AMQPConnection.withConnection(configuration) { _ in } }
    }

    @Test("spreads over the brokers of a cluster")
    func spread() async throws {
        var configuration = try TestBroker.configuration()
        let proxies = try (1...2).map { _ in try TCPProxy(target: configuration.addresses[0].port) }
        defer { for proxy in proxies { proxy.close() } }
        configuration.addresses = proxies.map { AMQPAddress(host: "127.0.0.1", port: $0.port) }
        for proxy in proxies { proxy.after(bytes: 1) { _ in } }
        for _ in 1...40 { try await AMQPConnection.withConnection(configuration) { _ in } }
        for proxy in proxies { #expect(!proxy.isArmed, "nobody came") }
    }

    @Test("goes on to the next broker when one says nothing")
    func silentMember() async throws {
        var configuration = try TestBroker.configuration()
        let proxy = try TCPProxy(target: configuration.addresses[0].port)
        defer { proxy.close() }
        proxy.setStalled(true)
        configuration.addresses.append(AMQPAddress(host: "127.0.0.1", port: proxy.port))
        configuration.connectTimeout = .milliseconds(200)
        // Until the silent one came first at least once.
        for _ in 1...20 { try await AMQPConnection.withConnection(configuration) { _ in } }
    }

    @Test("to a host that does not exist ends in a typed error")
    func host() async throws {
        #expect(try await error { $0.addresses[0].host = "no-such-host.invalid" }?.code == .connectionFailed)
    }

    @Test("with TLS to a port without it ends in a typed error")
    func tls() async throws {
        let error = try await error { $0.tls = .init(verifiesPeer: false) }
        #expect(error?.code == .connectionFailed)
        #expect(error?.description.contains("TLS failed") == true)
    }

    @Test("with authorities that cannot be read ends in an error that says so")
    func authorities() async throws {
        let error = try await error { $0.tls = .init(caFile: "/nowhere/ca.crt") }
        #expect(error?.code == .connectionFailed)
        #expect(error?.description.contains("certificates to trust cannot be read") == true)
        #expect(error?.description.contains("nowhere") == false)
    }

    @Test("to a peer that says nothing ends in a typed error within the timeout")
    func silent() async throws {
        let configuration = try TestBroker.configuration()
        let proxy = try TCPProxy(target: configuration.addresses[0].port)
        defer { proxy.close() }
        proxy.setStalled(true)
        let start = ContinuousClock.now
        let error = try await error {
            $0.addresses[0].host = "127.0.0.1"
            $0.addresses[0].port = proxy.port
            $0.connectTimeout = .milliseconds(500)
        }
        #expect(error?.code == .timedOut)
        // Far above the timeout, far below for ever: the machine may be busy.
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test("with refused credentials shows in a publisher's status and in its callers' errors")
    func publisherStatus() async throws {
        var configuration = try TestBroker.configuration()
        configuration.password = "wrong"
        configuration.publishTimeout = .seconds(5)
        let wrong = configuration
        try await AMQPPublisher.running(wrong) { publisher in
            let error = await failure {
                try await publisher.publish(AMQPMessage(exchange: "", routingKey: "k", body: []))
            }
            #expect(error?.code == .authenticationRefused)
            guard case .connecting(let last?) = publisher.status else {
                Issue.record("the status is \(publisher.status)")
                return
            }
            #expect(last.code == .authenticationRefused)
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import MongoDB

@Suite("What is said of servers that cannot be greeted", .enabled(if: TestServer.isThere, TestServer.note))
struct HintTests {
    private func client(_ options: String) throws -> MongoClient {
        let uri = try #require(TestServer.uri)
        return try MongoClient(
            configuration: MongoConfiguration(uri: "\(uri)&serverSelectionTimeoutMS=700&\(options)"),
            logger: TestServer.logger)
    }

    @Test("TLS to a server without it is named, by a ping that does not wait for the driver, too")
    func tls() async throws {
        let client = try client("tls=true")
        // The driver's monitor may take longer than the first ping waits.
        #expect(
            await eventually {
                _ = try? await client.ping()
                return client.core.watch.hint == .tls
            })
        let error = await #expect(throws: MongoError.self) { try await client.ping() }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains("TLS failed") == true)
        let quick = await #expect(throws: MongoError.self) { try await client.ping(timeout: .milliseconds(50)) }
        #expect(quick?.code == .timedOut)
        #expect(quick?.description.contains("TLS failed") == true)
        await client.close()
    }

    @Test("authorities that cannot be read are named, without the path")
    func authorities() async throws {
        let client = try client("tls=true&tlsCAFile=/nowhere/ca.crt")
        #expect(
            await eventually {
                _ = try? await client.ping()
                return client.core.watch.hint == .authorities
            })
        let error = await #expect(throws: MongoError.self) { try await client.ping() }
        #expect(error?.description.contains("cannot be read") == true)
        #expect(error?.description.contains("nowhere") == false)
        await client.close()
    }

    @Test("a server that answers takes it back")
    func takenBack() async throws {
        let client = try client("")
        client.core.watch.noteGreeting(.tls)
        try await client.ping()
        #expect(await eventually { client.core.watch.hint == nil })
        await client.close()
    }

    @Test("a refused login is known to who waits less long, until one is not refused")
    func login() {
        let watch = ServerWatch()
        watch.notePing(MongoError(.authentication))
        #expect(watch.hint == .login)
        watch.notePing(MongoError(.timedOut))
        #expect(watch.hint == nil)
    }

    @Test("only what the driver says of greetings is read")
    func reading() {
        #expect(MongoError.Hint(reading: "TLS handshake failed: certificate verify failed (64)") == .tls)
        #expect(MongoError.Hint(reading: "[Failed to read 4 bytes: socket error or timeout]") == .unanswered)
        #expect(MongoError.Hint(reading: "connection refused calling hello on 'a:1'") == nil)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import Configuration
import Testing

@testable import ServiceKit

@Suite("The options of every command")
struct ServiceOptionsTests {
    private struct Broken: ExitStatusError {
        var exitStatus: Int32 { 77 }
    }

    private func status(_ arguments: [String], _ body: (Int) throws -> Int32 = { _ in 0 }) async throws -> Int32 {
        do {
            try await ServiceOptions.parse(arguments).run {
                _ = $0.scoped(to: "mongodb").string(forKey: "uri", isSecret: true)
                return $0.scoped(to: "http").int(forKey: "port", default: 1)
            } _: {
                try body($0)
            }
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        }
    }

    @Test("set what the command knows, whether it is there already or not")
    func known() async throws {
        #expect(try await status(["--set", "HTTP_PORT=7"]) { Int32($0) } == 7)
        #expect(try await status(["--set", "MONGODB_URI=x"]) == 0)
    }

    @Test(
        "refuse to set what the command does not know, before anything is done",
        arguments: ["NOPE=1", "HTTP_PROT=7", "http_port=7", "AMQP_URL=x", "NOPE_FILE=/dev/null"])
    func unknown(pair: String) async throws {
        #expect(
            try await status(["--set", "HTTP_PORT=7", "--set", pair]) { _ in
                Issue.record("it was run")
                return 0
            } == 64)
    }

    @Test("end with the status that an error says")
    func errors() async throws {
        #expect(try await status([]) { _ in throw Broken() } == 77)
        #expect(try await status([]) { _ in throw CancellationError() } == 1)
        #expect(try await status([]) { _ in throw ConfigurationError(name: "A", problem: "b") } == 78)
    }
}

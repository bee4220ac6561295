// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import MongoDB
import ServiceKit
import Testing

@testable import OperatorConsole

@Suite("The console's settings")
struct ConsoleConfigurationTests {
    private func read(_ environment: [String: String]) throws -> ConsoleConfiguration? {
        try ConsoleConfiguration(
            reader: try ServiceSettings.read(environment: environment),
            amqp: try AMQPConfiguration(url: "amqp://reader:r@broker"),
            mongodb: MongoConfiguration(uri: "mongodb://one"))
    }

    @Test("leave it off unless it is switched on")
    func off() throws {
        #expect(try read([:]) == nil)
        #expect(try read(["CONSOLE": "off", "CONSOLE_AMQP_URL": "amqp://x"]) == nil)
    }

    @Test("take the service's own logins unless there are others")
    func logins() throws {
        #expect(try read(["CONSOLE": "on"])?.amqp.user == "reader")
        let own = try read(["CONSOLE": "on", "CONSOLE_AMQP_URL": "amqp://operator:o@broker"])
        #expect(own?.amqp.user == "operator")
    }

    @Test("name the one that is wrong")
    func wrong() {
        for (name, value) in [("CONSOLE", "perhaps"), ("CONSOLE_AMQP_URL", "http://x"), ("CONSOLE_MONGODB_URI", "x")] {
            let error = #expect(throws: ConfigurationError.self) {
                _ = try read(["CONSOLE": "on"].merging([name: value]) { $1 })
            }
            #expect(error?.name == name)
        }
    }
}

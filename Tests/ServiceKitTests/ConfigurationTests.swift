// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Configuration
import Foundation
import Logging
import Testing

@testable import ServiceKit

@Suite("Settings")
struct ConfigurationTests {
    enum Colour: String, CaseIterable {
        case red
        case green
    }

    private func reader(_ environment: [String: String], overrides: [String] = []) throws -> ConfigReader {
        try ServiceSettings.read(overrides: overrides, environment: environment)
    }

    private func failure(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func temporaryFile(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("a value from the environment replaces the default, and an argument replaces both")
    func precedence() throws {
        #expect(try reader([:]).scoped(to: "http").boundedInt("port", default: 8000, in: 1...65_535) == 8000)
        let environment = ["HTTP_PORT": "8001"]
        #expect(try reader(environment).scoped(to: "http").boundedInt("port", default: 8000, in: 1...65_535) == 8001)
        let both = try reader(environment, overrides: ["HTTP_PORT=8002"])
        #expect(try both.scoped(to: "http").boundedInt("port", default: 8000, in: 1...65_535) == 8002)
    }

    @Test("an empty value counts as absent")
    func empty() throws {
        #expect(try reader(["HTTP_PORT": ""]).scoped(to: "http").boundedInt("port", default: 7, in: 1...9) == 7)
    }

    @Test("keys in camel case are variables with underscores")
    func names() throws {
        let amqp = try reader(["AMQP_HEARTBEAT_MS": "250"]).scoped(to: "amqp")
        #expect(try amqp.milliseconds("heartbeatMs", default: .zero, in: 1...1000) == .milliseconds(250))
        #expect(EnvironmentName.encode(["mongodb", "uri"]) == "MONGODB_URI")
        #expect(EnvironmentName.encode(["a.b-c", "xY2Z"]) == "A_B_C_X_Y2Z")
    }

    @Test(
        "a bad value is told with variable, value and what is allowed",
        arguments: ["abc", "0", "65536", "1.5", " 80", "9999999999999999999999"])
    func badInteger(_ value: String) throws {
        let http = try reader(["HTTP_PORT": value]).scoped(to: "http")
        #expect(
            failure { _ = try http.boundedInt("port", default: 1, in: 1...65_535) }
                == "HTTP_PORT is \"\(value)\", but must be a whole number from 1 to 65535")
    }

    @Test("words, flags and enumerations tell what is allowed")
    func words() throws {
        let reader = try reader(["X_COLOUR": "blue", "X_ON": "maybe", "X_GOOD": "GREEN", "X_YES": "Yes"]).scoped(
            to: "x")
        #expect(
            failure { _ = try reader.choice("colour", default: Colour.red) }
                == "X_COLOUR is \"blue\", but must be one of red, green")
        #expect(failure { _ = try reader.flag("on", default: true) } == "X_ON is \"maybe\", but must be true or false")
        #expect(try reader.choice("good", default: Colour.red) == .green)
        #expect(try reader.choice("absent", default: Colour.red) == .red)
        #expect(try reader.flag("yes", default: false))
        #expect(failure { _ = try reader.requiredText("missing") } == "X_MISSING is not set, but must be")
    }

    @Test("a reader made elsewhere works, only the name lacks its scope")
    func inMemory() throws {
        let reader = ConfigReader(provider: InMemoryProvider(values: ["http.port": "x"])).scoped(to: "http")
        #expect(
            failure { _ = try reader.boundedInt("port", default: 1, in: 1...2) }
                == "PORT is \"x\", but must be a whole number from 1 to 2")
    }

    @Test(
        "a secret comes from its file, without the last line end",
        arguments: ["amqp://u:p@h", "amqp://u:p@h\n", "amqp://u:p@h\r\n"])
    func secretFile(_ content: String) throws {
        let path = try temporaryFile(content)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let reader = try reader(["AMQP_URL_FILE": path])
        #expect(try reader.scoped(to: "amqp").requiredSecret("url") == "amqp://u:p@h")
    }

    @Test("a secret given twice, or in a file that cannot be read, is told without its value")
    func badSecret() throws {
        let path = try temporaryFile("mongodb://user:password@host")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let both = failure {
            _ = try reader(["MONGODB_URI": "mongodb://user:password@host", "MONGODB_URI_FILE": path])
        }
        #expect(both == "MONGODB_URI_FILE is set together with MONGODB_URI: set only one")
        let missing = failure { _ = try reader(["MONGODB_URI_FILE": "/nonexistent/secret"]) }
        #expect(missing == "MONGODB_URI_FILE is \"/nonexistent/secret\", which cannot be read")
        let argument = try reader(["MONGODB_URI_FILE": path], overrides: ["MONGODB_URI=mongodb://other"])
        #expect(try argument.scoped(to: "mongodb").requiredSecret("uri") == "mongodb://other")
    }

    @Test("an argument without an equals sign is refused")
    func badArgument() {
        #expect(failure { _ = try reader([:], overrides: ["HTTP_PORT"]) } == "--set needs NAME=VALUE")
    }

    @Test("the server's settings are read, and each is bounded")
    func http() throws {
        let good = try HTTPConfiguration(
            reader: try reader([
                "HTTP_HOST": "0.0.0.0, [::1]", "HTTP_PORT": "1", "HTTP_IDLE_TIMEOUT_MS": "500",
                "HTTP_ACCESS_LOG": "off",
            ])
            .scoped(to: "http"), defaultPort: 8000)
        #expect(good.addresses == ["0.0.0.0", "::1"])
        #expect(good.port == 1)
        #expect(good.idleTimeout == .milliseconds(500))
        #expect(good.accessLogLevel == nil)
        let nowhere = failure {
            _ = try HTTPConfiguration(reader: try reader(["HTTP_HOST": " , "]).scoped(to: "http"), defaultPort: 8000)
        }
        #expect(nowhere == "HTTP_HOST names nothing to listen on")
        for name in [
            "PORT", "MAX_CONNECTIONS", "MAX_STREAMS", "HEADER_LIMIT_BYTES", "HEADER_LIMIT_FIELDS", "IDLE_TIMEOUT_MS",
            "RECEIVE_TIMEOUT_MS", "ACCESS_LOG",
        ] {
            let bad = failure {
                _ = try HTTPConfiguration(
                    reader: try reader(["HTTP_" + name: "-1"]).scoped(to: "http"), defaultPort: 8000)
            }
            #expect(bad?.hasPrefix("HTTP_\(name) is \"-1\", but must be ") == true)
        }
    }

    @Test("a bad log level or format is told")
    func log() throws {
        let bad = failure { _ = try LogConfiguration(reader: try reader(["LOG_LEVEL": "loud"]).scoped(to: "log")) }
        #expect(bad == "LOG_LEVEL is \"loud\", but must be one of trace, debug, info, notice, warning, error, critical")
        let good = try LogConfiguration(
            reader: try reader(["LOG_LEVEL": "DEBUG", "LOG_FORMAT": "text"]).scoped(to: "log"))
        #expect(good == LogConfiguration(format: .text, level: .debug))
    }
}

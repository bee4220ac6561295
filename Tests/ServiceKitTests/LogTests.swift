// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Foundation
import Logging
import Synchronization
import Testing

@testable import ServiceKit

@Suite("Log records")
struct LogTests {
    final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        func append(_ bytes: [UInt8]) { lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private func logger(_ format: LogFormat, _ lines: Lines) -> Logger {
        Logger(label: "test") { label in
            LineLogHandler(label: label, format: format, level: .info) { lines.append($0) }
        }
    }

    private let nasty = "a\"\\\n\r\t\u{0}\u{1b}[31m é 😀 \u{2028}"

    @Test("a JSON record is one line that reads back exactly")
    func json() throws {
        let lines = Lines()
        var logger = logger(.json, lines)
        logger[metadataKey: "own"] = .string(nasty)
        logger.info(
            "\(nasty)", metadata: ["list": ["x", .dictionary(["k": "v"])], "message": "kept out", "own2": "1"])
        let line = try #require(lines.all.first)
        #expect(lines.all.count == 1)
        #expect(line.filter { $0.isNewline && $0 != "\u{2028}" } == "\n" && line.hasSuffix("}\n"))
        let object = try #require(try JSON.parseObject(Array(line.utf8)))
        #expect(object.members.map(\.name) == ["time", "level", "logger", "message", "list", "own", "own2"])
        #expect(object["message"] == .string(nasty))
        #expect(object["own"] == .string(nasty))
        #expect(object["level"] == "info")
    }

    @Test("a text record is one line without control characters")
    func text() throws {
        let lines = Lines()
        logger(.text, lines).warning("\(nasty)", metadata: ["key": .string("x\nforged")])
        let line = try #require(lines.all.first)
        #expect(line.utf8.filter { $0 < 0x20 } == [0x0A])
        #expect(line.contains("WARNING [test] "))
        #expect(line.contains(#"key=x\x0aforged"#))
    }

    @Test("records below the level are not written")
    func level() {
        let lines = Lines()
        logger(.json, lines).debug("no")
        #expect(lines.all.isEmpty)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import AMQP

@Suite("A table")
struct TableTests {
    static let everything: AMQPTable = [
        "bool": .bool(true), "no": .bool(false), "int8": .int8(-8), "uint8": .uint8(200), "int16": .int16(-300),
        "uint16": .uint16(60_000), "int32": .int32(-70_000), "uint32": .uint32(4_000_000_000),
        "int64": .int64(.min), "float": .float(1.5), "double": .double(-2.25),
        "decimal": .decimal(scale: 2, value: 314), "string": .string("Grüße 👋"), "empty": .string(""),
        "bytes": .bytes([0, 255, 1]), "timestamp": .timestamp(1_700_000_000), "void": .void,
        "array": .array([1, "two", .array([]), .table(["three": 3])]), "table": .table(["inner": .table([:])]),
    ]

    /// Tables and arrays in turns, as deep as asked.
    static func nested(_ depth: Int) -> AMQPTable {
        var value = AMQPValue.string("bottom")
        for level in 1..<depth { value = level.isMultiple(of: 2) ? .table(["t": value]) : .array([value]) }
        return ["top": value]
    }

    @Test("may be nested as deep as the limit, and not deeper")
    func depth() throws {
        _ = try Self.nested(AMQPTable.maximumDepth).encodedSize()
        #expect(throws: AMQPError.self) { try Self.nested(AMQPTable.maximumDepth + 1).encodedSize() }
    }

    @Test("is equal to one with the same entries in another order")
    func equality() {
        #expect((["a": 1, "b": 2] as AMQPTable) == ["b": 2, "a": 1])
        #expect((["a": 1] as AMQPTable) != ["a": 2])
        #expect((["a": 1] as AMQPTable) != ["a": 1, "b": 2])
    }

    @Test("sets, replaces and removes entries")
    func change() {
        var table: AMQPTable = ["a": 1]
        table["b"] = "two"
        table["a"] = 3
        #expect(table == ["a": 3, "b": "two"])
        table["a"] = nil
        table["c"] = nil
        #expect(table.entries.map(\.key) == ["b"])
    }

    @Test("gives integers of every type as one")
    func integer() {
        let values: [AMQPValue] = [.int8(7), .uint8(7), .int16(7), .uint16(7), .int32(7), .uint32(7), .int64(7)]
        #expect(values.allSatisfy { $0.integer == 7 })
        #expect(AMQPValue.string("7").integer == nil)
    }

    @Test(
        "comes back from the broker unchanged", .enabled(if: TestBroker.isThere, TestBroker.note),
        .timeLimit(.minutes(1)), arguments: [[:], everything, nested(AMQPTable.maximumDepth)] as [AMQPTable])
    func broker(_ table: AMQPTable) async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            let message = AMQPMessage(
                exchange: exchange, routingKey: "k", properties: AMQPProperties(headers: table), body: [])
            try await AMQPPublisher.running(configuration) { try await $0.publish(message) }
            let delivery = try await AMQPConnection.withConnection(configuration) { try await $0.get(queue: queue) }
            #expect(delivery?.properties.headers == table)
        }
    }
}

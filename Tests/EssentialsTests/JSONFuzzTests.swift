// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Foundation
import Testing

@testable import Essentials

@Suite("JSON reader and writer against random input", .timeLimit(.minutes(2)))
struct JSONFuzzTests {
    /// Repeats exactly, so that a failure can be looked at.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private func text(_ random: inout Generator) -> String {
        let ranges: [ClosedRange<UInt32>] = [0...0x7F, 0x80...0x7FF, 0x800...0xD7FF, 0x1_0000...0x10_FFFF]
        var text = ""
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let range = ranges[Int.random(in: 0..<ranges.count, using: &random)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private func value(_ depth: Int, _ random: inout Generator) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 7 : 4), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .number(JSONNumber(Int.random(in: .min ... .max, using: &random)))
        case 3, 4: return .string(text(&random))
        case 5: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth - 1, &random) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                object.append(text(&random), value(depth - 1, &random))
            }
            return .object(object)
        }
    }

    private func written(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(value)
        return writer.bytes
    }

    /// Foundation refuses numbers beyond `Double`, which RFC 8259 allows.
    private func isRepresentable(_ value: JSONValue) -> Bool {
        switch value {
        case .number(let number): number.double != nil
        case .array(let elements): elements.allSatisfy(isRepresentable)
        case .object(let object): object.members.allSatisfy { isRepresentable($0.value) }
        default: true
        }
    }

    private func expectSameAgain(_ value: JSONValue, _ bytes: [UInt8]) throws {
        if try JSON.parse(written(value)) != value { Issue.record("not read back: \(bytes)") }
        if isRepresentable(value) {
            _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        }
    }

    @Test("what is written is read back the same, and Foundation reads it too", arguments: 1...4)
    func roundTrip(_ seed: Int) async throws {
        var random = Generator(state: UInt64(seed))
        for _ in 0..<200 {
            let value = value(4, &random)
            try expectSameAgain(value, written(value))
            // The other tests have times to keep.
            await Task.yield()
        }
    }

    @Test("no part of a document is a document", arguments: 1...2)
    func truncation(_ seed: Int) async throws {
        var random = Generator(state: UInt64(seed))
        for _ in 0..<30 {
            let bytes = written(.array([value(3, &random)]))
            for length in 0..<bytes.count where (try? JSON.parse(Array(bytes.prefix(length)))) != nil {
                Issue.record("accepted: \(bytes.prefix(length))")
            }
            await Task.yield()
        }
    }

    @Test(
        "changed bytes are refused, or read as something that Foundation reads and that can be written",
        arguments: 1...4)
    func mutation(_ seed: Int) async throws {
        var random = Generator(state: UInt64(seed))
        let interesting =
            Array(#"{}[]",:\u0eE+-.123truefalsn "#.utf8) + [0, 0x1F, 0x7F, 0x80, 0xC3, 0xED, 0xA0, 0xF0, 0xFF]
        var accepted = 0
        for _ in 0..<1000 {
            var bytes = written(value(3, &random))
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                let byte = interesting[Int.random(in: 0..<interesting.count, using: &random)]
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[index] = byte
                case 1: bytes.insert(byte, at: index)
                default: bytes.remove(at: index)
                }
            }
            await Task.yield()
            guard let value = try? JSON.parse(bytes) else { continue }
            accepted += 1
            try expectSameAgain(value, bytes)
        }
        #expect(accepted > 50)
    }

    @Test("random bytes never stop the reader", arguments: 1...2)
    func garbage(_ seed: Int) async {
        var random = Generator(state: UInt64(seed))
        for _ in 0..<5000 {
            let count = Int.random(in: 0...24, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            do {
                _ = try JSON.parse(bytes)
            } catch {
                if !(0...bytes.count).contains(error.offset) { Issue.record("outside: \(bytes)") }
            }
            await Task.yield()
        }
    }
}

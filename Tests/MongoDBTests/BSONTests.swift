// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import MongoDB

/// One element of every type that can be written.
private func everything() throws -> BSONDocument {
    var writer = BSONWriter()
    writer.append("double", -1.5)
    writer.append("string", "Grüße\0 🦆")
    writer.appendDocument("document") { $0.append("a", 1) }
    writer.appendArray("array") { array in
        array.append("x")
        array.append(.null)
        array.appendDocument { $0.append("b", true) }
        array.appendArray { $0.append(2) }
    }
    writer.append("binary", [1, 2, 255])
    writer.append("old", BSONBinary([9, 8], subtype: 2))
    writer.append("uuid", try #require(UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF")))
    writer.append("id", try #require(BSONObjectID("0123456789abcdef01234567")))
    writer.append("yes", true)
    writer.append("no", false)
    writer.append("date", BSONDate(millisecondsSince1970: -1))
    writer.appendNull("null")
    writer.append("regex", .regularExpression(BSONRegularExpression("^a\\.b$", options: "xi")))
    writer.append("int32", Int32.min)
    writer.append("timestamp", .timestamp(BSONTimestamp(seconds: 7, increment: 3)))
    writer.append("int64", Int64.max)
    writer.append("decimal", .decimal128(BSONDecimal128(high: 0x3040_0000_0000_0000, low: 42)))
    writer.append("min", .minKey)
    writer.append("max", .maxKey)
    return try writer.finish()
}

@Suite("BSON")
struct BSONTests {
    @Test("that we write is what libbson reads and writes")
    func roundTrip() throws {
        let document = try everything()
        #expect(LibBSON.isValid(document.bytes))
        let json = try #require(LibBSON.json(document.bytes))
        #expect(json.contains(#""decimal" : { "$numberDecimal" : "42" }"#))
        #expect(json.contains(#""id" : { "$oid" : "0123456789abcdef01234567" }"#))
        #expect(json.contains(#""timestamp" : { "$timestamp" : { "t" : 7, "i" : 3 } }"#))
        #expect(json.contains(#""$regularExpression" : { "pattern" : "^a\\.b$", "options" : "ix" }"#))
        #expect(json.contains(#""date" : { "$date" : { "$numberLong" : "-1" } }"#))
        let back = try #require(LibBSON.bytes(json: json))
        #expect(try BSONDocument(validating: back) == document)
    }

    @Test("that libbson writes is what we read and write again")
    func fromLibBSON() throws {
        let json = """
            {"a": {"$numberInt": "1"}, "b": [{"$numberDouble": "NaN"}, "s", {"$date": {"$numberLong": "5"}}],
             "c": {"$binary": {"base64": "AQID", "subType": "80"}}, "d": {"e": {"f": {"$minKey": 1}}},
             "g": {"$code": "f()"}, "h": {"$code": "f()", "$scope": {"x": {"$numberInt": "1"}}},
             "i": {"$symbol": "s"}, "j": {"$undefined": true},
             "k": {"$dbPointer": {"$ref": "n", "$id": {"$oid": "0123456789abcdef01234567"}}}, "l": null}
            """
        let bytes = try #require(LibBSON.bytes(json: json))
        let document = try BSONDocument(validating: bytes)
        var writer = BSONWriter()
        for element in document { writer.append(element) }
        #expect(try writer.finish().bytes == bytes)
        #expect(document["a"] == .int32(1))
        #expect(document["d"]?.documentValue?["e"] == ["f": .minKey])
        #expect(document["h"] == .other(.codeWithScope))
        #expect(document["l"] == .null)
        #expect(document["m"] == nil)
    }

    @Test("gives back every value that was written")
    func values() throws {
        let document = try everything()
        var writer = BSONWriter()
        for element in document { writer.append(element.key, element.value) }
        #expect(try writer.finish() == document)
        #expect(document["string"] == "Grüße\0 🦆")
        #expect(document["array"] == ["x", nil, ["b": true], [2]])
        #expect(document["binary"] == .binary(BSONBinary([1, 2, 255])))
        #expect(document["old"] == .binary(BSONBinary([9, 8], subtype: 2)))
        #expect(try document.element("uuid")?.binary().uuid?.uuidString == "00112233-4455-6677-8899-AABBCCDDEEFF")
        #expect(try document.element("document")?.view().first { $0.isKey("a") }?.int() == 1)
        #expect(try document.element("date")?.date().date == Date(timeIntervalSince1970: -0.001))
    }

    @Test("names the field and the type, not the value, when another type is asked for")
    func mismatch() throws {
        let document: BSONDocument = ["email": "ada@example.org"]
        let error = #expect(throws: MongoError.self) { try document.element("email")?.int() }
        #expect(error?.code == .invalidBSON)
        #expect(error?.debugDescription.contains("email is string") == true)
        #expect(error?.debugDescription.contains("ada") == false)
    }

    @Test("refuses a NUL in a key or a regular expression and keeps it in a string")
    func nul() throws {
        var key = BSONWriter()
        key.append("a\0b", 1)
        #expect(throws: MongoError.self) { try key.finish() }
        var regex = BSONWriter()
        regex.append("a", .regularExpression(BSONRegularExpression("a\0b")))
        #expect(throws: MongoError.self) { try regex.finish() }
        let document: BSONDocument = ["a": "b\0c"]
        #expect(document["a"] == "b\0c")
    }

    @Test("bounds the depth on writing, on embedding and on reading")
    func depth() throws {
        func nested(_ depth: Int, _ writer: inout BSONWriter) {
            if depth > 1 { writer.appendDocument("d") { nested(depth - 1, &$0) } }
        }
        var deepest = BSONWriter()
        nested(BSONDocument.maximumDepth, &deepest)
        let document = try deepest.finish()
        #expect(try BSONDocument(validating: document.bytes) == document)
        var tooDeep = BSONWriter()
        nested(BSONDocument.maximumDepth + 1, &tooDeep)
        #expect(throws: MongoError.self) { try tooDeep.finish() }
        var embedding = BSONWriter()
        embedding.append("d", document)
        #expect(throws: MongoError.self) { try embedding.finish() }
        // By hand, deeper than the writer allows.
        var bytes: [UInt8] = [5, 0, 0, 0, 0]
        for _ in 0..<300 {
            let length = UInt32(bytes.count + 8)
            bytes =
                (0..<4).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + [3, UInt8(ascii: "d"), 0] + bytes + [0]
        }
        #expect(throws: MongoError.self) { try BSONDocument(validating: bytes) }
    }

    @Test("is refused when any string, key or pattern is not UTF-8")
    func invalidUTF8() throws {
        let good = try everything().bytes
        for marker in ["Gr", "string", "^a"] {
            let index = try #require(good.firstIndex(of: marker.utf8.first!, followedBy: Array(marker.utf8)))
            for bad: UInt8 in [0x80, 0xC0, 0xFF, 0xF5] {
                var bytes = good
                bytes[index] = bad
                let error = #expect(throws: MongoError.self) { try BSONDocument(validating: bytes) }
                #expect(error?.code == .invalidBSON)
            }
        }
    }

    @Test("agrees with the standard library on what is UTF-8")
    func utf8() async {
        var generator = SystemRandomNumberGenerator()
        let edges: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0]
        let more: [UInt8] = [0xF4, 0xF5, 0xFF]
        var disagreements: [[UInt8]] = []
        for round in 0..<200_000 {
            // Other tests measure time on the same few threads.
            if round.isMultiple(of: 1000) { await Task.yield() }
            let bytes = (0..<Int.random(in: 0...5)).map { _ in (edges + more).randomElement(using: &generator) ?? 0 }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            if bytes.isUTF8(0..<bytes.count) != expected { disagreements.append(bytes) }
        }
        #expect(disagreements.isEmpty)
    }

    @Test("never crashes on damaged bytes, and what it accepts libbson accepts", .timeLimit(.minutes(2)))
    func damaged() async throws {
        let good = try everything().bytes
        var accepted = 0
        for round in 0..<60_000 {
            if round.isMultiple(of: 100) { await Task.yield() }
            var bytes = good
            for _ in 0...Int.random(in: 0..<4) {
                switch Int.random(in: 0..<4) {
                case 0: bytes[Int.random(in: 0..<bytes.count)] = UInt8.random(in: 0...255)
                case 1: bytes[Int.random(in: 0..<bytes.count)] = [0, 1, 0x7F, 0x80, 0xFF].randomElement() ?? 0
                case 2: bytes.remove(at: Int.random(in: 0..<bytes.count))
                default: bytes.insert(UInt8.random(in: 0...255), at: Int.random(in: 0...bytes.count))
                }
            }
            if round % 2 == 0, bytes.count >= 4 {
                for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: bytes.count >> (index * 8)) }
            }
            guard let document = try? BSONDocument(validating: bytes) else { continue }
            accepted += 1
            #expect(LibBSON.isValid(bytes))
            for element in document { _ = (element.key, element.value, element.value.arrayValue?.values) }
            #expect(document.embeddedDepth <= BSONDocument.maximumDepth)
        }
        #expect(accepted > 100)
    }

    @Test("survives every truncation")
    func truncated() throws {
        let good = try everything().bytes
        for count in 0..<good.count {
            var bytes = Array(good.prefix(count))
            #expect(throws: MongoError.self) { try BSONDocument(validating: bytes) }
            if count >= 4 {
                for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: count >> (index * 8)) }
                _ = try? BSONDocument(validating: bytes)
            }
        }
    }

    @Test("makes object identifiers that are unique and ordered in time")
    func objectIDs() {
        let ids = (0..<10_000).map { _ in BSONObjectID() }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { BSONObjectID($0.description) == $0 && BSONObjectID(bytes: $0.bytes) == $0 })
        #expect(abs(Int(ids[0].secondsSince1970) - Int(Date().timeIntervalSince1970)) < 60)
        #expect(BSONObjectID("0123456789abcdef0123456g") == nil)
    }

    @Test("escapes text so that a regular expression matches it alone")
    func escape() {
        #expect(BSONRegularExpression.escape("a.b*(c)_ü") == "a\\.b\\*\\(c\\)_ü")
    }
}

extension [UInt8] {
    fileprivate func firstIndex(of first: UInt8, followedBy pattern: [UInt8]) -> Int? {
        indices.first { self[$0...].starts(with: pattern) }
    }
}

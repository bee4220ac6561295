// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import MongoDB
import Testing

private struct Inner: Codable, Equatable {
    var name: String
    var values: [Double?]
}

private struct Everything: Codable, Equatable {
    var int: Int
    var small: Int8
    var big: UInt32
    var text: String
    var flag: Bool
    var ratio: Float
    var date: Date
    var uuid: UUID
    var data: Data
    var bytes: [UInt8]
    var id: BSONObjectID
    var document: BSONDocument
    var any: BSONValue
    var inner: Inner
    var list: [Inner]
    var matrix: [[Int]]
    var table: [String: Int]
    var empty: [String]
    var nothing: String?

    static let example = Everything(
        int: .min, small: -3, big: .max, text: "Ada", flag: true, ratio: 0.5, date: Date(timeIntervalSince1970: 1.25),
        uuid: UUID(), data: Data([1, 2]), bytes: [3, 4], id: BSONObjectID(), document: ["a": 1], any: .maxKey,
        inner: Inner(name: "i", values: [1, nil, 2.5]), list: [Inner(name: "l", values: [])],
        matrix: [[1], [], [2, 3]],
        table: ["x": 1], empty: [], nothing: nil)
}

private class Base: Codable {
    var a = 1
}

private final class Derived: Base {
    var b = 2
    private enum CodingKeys: CodingKey { case b }

    init(b: Int) {
        super.init()
        self.b = b
    }
    required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try super.init(from: container.superDecoder())
        b = try container.decode(Int.self, forKey: .b)
    }
    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try super.encode(to: container.superEncoder())
        try container.encode(b, forKey: .b)
    }
}

/// Goes back to a nested container after the outer one went on.
private struct Interleaved: Encodable {
    enum Keys: CodingKey { case a, b }
    func encode(to encoder: any Encoder) throws {
        var outer = encoder.container(keyedBy: Keys.self)
        var nested = outer.nestedContainer(keyedBy: Keys.self, forKey: .a)
        try nested.encode(1, forKey: .a)
        try outer.encode(2, forKey: .b)
        try nested.encode(3, forKey: .b)
    }
}

@Suite("Codable for BSON")
struct BSONCodableTests {
    @Test("gives back what was encoded, and libbson reads it")
    func roundTrip() throws {
        let document = try BSONEncoder().encode(Everything.example)
        #expect(LibBSON.isValid(document.bytes))
        #expect(try BSONDocument(validating: document.bytes) == document)
        #expect(try BSONDecoder().decode(Everything.self, from: document) == .example)
    }

    @Test("uses the documented BSON types")
    func types() throws {
        let document = try BSONEncoder().encode(Everything.example)
        #expect(document["int"]?.type == .int64)
        #expect(document["small"]?.type == .int32)
        #expect(document["big"]?.type == .int64)
        #expect(document["date"] == .date(BSONDate(millisecondsSince1970: 1250)))
        #expect(document["uuid"] == .binary(BSONBinary(Everything.example.uuid)))
        #expect(document["bytes"] == .binary(BSONBinary([3, 4])))
        #expect(document["matrix"] == [[1], [], [2, 3]])
        #expect(document["nothing"] == nil)
    }

    @Test("goes on in a document that is being written")
    func continued() throws {
        var writer = BSONWriter()
        writer.append("_id", 7)
        try BSONEncoder().encode(Inner(name: "i", values: [1, nil]), into: &writer)
        try BSONEncoder().encode(["a": 1] as BSONDocument, into: &writer)
        writer.append("end", true)
        let expected: BSONDocument = ["_id": 7, "name": "i", "values": [1.0, nil], "a": 1, "end": true]
        #expect(try writer.finish() == expected)
        var unused = BSONWriter()
        #expect(throws: EncodingError.self) { try BSONEncoder().encode("text", into: &unused) }
        #expect(try unused.finish().isEmpty)
    }

    @Test("supports a superclass")
    func inheritance() throws {
        let document = try BSONEncoder().encode(Derived(b: 5))
        #expect(document == ["super": ["a": 1], "b": 5])
        let decoded = try BSONDecoder().decode(Derived.self, from: document)
        #expect(decoded.a == 1)
        #expect(decoded.b == 5)
    }

    @Test("refuses what a stream of bytes or BSON cannot hold")
    func refusals() {
        #expect(throws: EncodingError.self) { try BSONEncoder().encode(Interleaved()) }
        #expect(throws: EncodingError.self) { try BSONEncoder().encode([1, 2]) }
        #expect(throws: EncodingError.self) { try BSONEncoder().encode("text") }
        #expect(throws: EncodingError.self) { try BSONEncoder().encode(["n": UInt64.max]) }
        #expect(throws: MongoError.self) { try BSONEncoder().encode(["a\0b": 1]) }
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(["a": BSONValue.minKey]) }
    }

    @Test("says where and what, without values, when a document does not fit")
    func decodingErrors() throws {
        struct User: Decodable { var age: Int8 }
        for document: BSONDocument in [["age": "ada@example.org"], ["age": 300], ["age": nil], [:], ["age": 1.5]] {
            let error = #expect(throws: DecodingError.self) { try BSONDecoder().decode(User.self, from: document) }
            #expect("\(String(describing: error))".contains("age"))
            #expect(!"\(String(describing: error))".contains("ada"))
        }
        #expect(try BSONDecoder().decode(User.self, from: ["age": 5.0, "more": 1]).age == 5)
    }

    @Test("bounds the depth")
    func depth() {
        final class Endless: Encodable {
            enum Keys: CodingKey { case next }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Keys.self)
                try container.encode(self, forKey: .next)
            }
        }
        #expect(throws: EncodingError.self) { try BSONEncoder().encode(Endless()) }
    }
}

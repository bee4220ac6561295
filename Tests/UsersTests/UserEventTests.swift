// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Foundation
import Testing

@testable import Users

/// What the stored samples mean, by file name: the type and the schema. What is stored and sent must be readable for
/// ever, so a sample is added and never changed.
private let meanings: [String: UserEvent] = [
    "user.created.1": .created(UserCreated(id: sampleID, name: "Ada Lovelace", email: "Ada@Computing.org")),
    "user.updated.1": .updated(
        UserUpdated(id: sampleID, name: "Ada King, Countess of Lovelace", email: "countess@computing.org")),
    "user.deleted.1": .deleted(UserDeleted(id: sampleID)),
]

private let folder = Bundle.module.bundleURL.appending(path: "Samples")

/// The data of a stored sample, byte for byte.
private func sample(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: "\(name).json")))
}

@Suite("A user event")
struct UserEventTests {
    @Test("of every version that was ever written can be read", arguments: meanings.keys.sorted())
    func samplesDecode(name: String) throws {
        let dot = try #require(name.lastIndex(of: "."))
        let schema = try #require(Int(name[name.index(after: dot)...]))
        let event = recorded(String(name[..<dot]), schema: schema, data: try sample(name))
        #expect(try UserEvent.decode(event) == meanings[name])
    }

    @Test("has a stored sample of every version that was ever written, and each sample a meaning")
    func samplesAreComplete() throws {
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
        let written = UserEvent.Kind.allCases.flatMap { kind in (1...kind.schema).map { "\(kind.rawValue).\($0)" } }
        #expect(names == Set(written.map { "\($0).json" }))
        #expect(Set(meanings.keys) == Set(written))
    }

    @Test("is written as its latest sample says, byte for byte", arguments: UserEvent.Kind.allCases)
    func encoding(kind: UserEvent.Kind) throws {
        let name = "\(kind.rawValue).\(kind.schema)"
        let event = try #require(meanings[name])
        #expect(event.type == kind.rawValue)
        #expect(event.schema == kind.schema)
        #expect(event.encoded() == (try sample(name)))
    }

    @Test("with members of a later program is read all the same")
    func tolerance() throws {
        let data = #"{"id":"\#(sampleID)","name":"Ada","email":"a@b.org","nick":"A","n":[1]}"#
        #expect(
            try UserEvent.decode(recorded("user.created", data: Array(data.utf8)))
                == .created(UserCreated(id: sampleID, name: "Ada", email: "a@b.org")))
    }

    @Test(
        "that cannot be understood says why, and quotes nothing",
        arguments: [
            ("user.exploded", 1, "{}", .unknownType), ("user.created", 2, "{}", .unknownSchema),
            ("user.updated", 0, "{}", .unknownSchema), ("user.deleted", 7, "{}", .unknownSchema),
            ("user.created", 1, "", .invalidData), ("user.created", 1, "[]", .invalidData),
            ("user.created", 1, #"{"id":"secret","name":"secret","email":"secret"}"#, .invalidData),
            ("user.created", 1, #"{"id":"\#(sampleID)","name":7,"email":"secret"}"#, .invalidData),
            ("user.created", 1, #"{"id":"\#(sampleID)","name":"secret"}"#, .invalidData),
            ("user.updated", 1, #"{"id":"\#(sampleID)","email":"secret"}"#, .invalidData),
            ("user.deleted", 1, #"{"name":"secret"}"#, .invalidData),
        ] as [(String, Int, String, MalformedEvent.Reason)])
    func malformed(type: String, schema: Int, data: String, reason: MalformedEvent.Reason) throws {
        let error = try #require(
            throws: MalformedEvent.self,
            performing: { try UserEvent.decode(recorded(type, schema: schema, data: Array(data.utf8))) })
        #expect(error.reason == reason)
        #expect(!"\(error)".contains("secret"))
    }
}

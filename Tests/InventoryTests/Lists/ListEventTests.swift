// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import Testing

private let samples = StoredSamples<ListEvent>(
    "Lists",
    [
        "inventory.lists.created.1": .created(
            ListCreated(id: sampleID, customer: "Ada Lovelace", expiresOn: "2027-01-31")),
        "inventory.lists.line-added.1": .lineAdded(
            LineAdded(id: sampleID, lineID: uuid(2), product: "Lamp oil", quantity: 12)),
        "inventory.lists.deleted.1": .deleted(ListDeleted(id: sampleID)),
    ])

@Suite("A list's event")
struct ListEventTests {
    @Test("of every version that was ever written can be read", arguments: samples.meanings.keys.sorted())
    func samplesDecode(name: String) throws {
        #expect(try samples.decoded(name) == samples.meanings[name])
    }

    @Test("has a stored sample of every version that was ever written, and each sample a meaning")
    func samplesAreComplete() throws {
        #expect(try samples.stored() == StoredSamples<ListEvent>.everWritten)
        #expect(Set(samples.meanings.keys) == StoredSamples<ListEvent>.everWritten)
    }

    @Test("is written as its latest sample says, byte for byte", arguments: ListEvent.Kind.allCases)
    func encoding(kind: ListEvent.Kind) throws {
        let name = "\(kind.rawValue).\(kind.schema)"
        let event = try #require(samples.meanings[name])
        #expect(event.type == kind.rawValue)
        #expect(event.encoded() == (try samples.data(name)))
    }

    @Test(
        "that cannot be understood says why, and quotes nothing",
        arguments: [
            ("inventory.lists.exploded", "{}", .unknownType),
            ("inventory.lists.created", #"{"id":"secret","customer":"secret","expiresOn":"secret"}"#, .invalidData),
            ("inventory.lists.created", #"{"id":"\#(sampleID)","customer":"secret"}"#, .invalidData),
            (
                "inventory.lists.line-added",
                #"{"id":"\#(sampleID)","lineId":"\#(sampleID)","product":"secret","quantity":0}"#, .invalidData
            ),
        ] as [(String, String, MalformedEvent.Reason)])
    func malformed(type: String, data: String, reason: MalformedEvent.Reason) throws {
        let error = try #require(throws: MalformedEvent.self) {
            try ListEvent.decode(recorded(type, data: Array(data.utf8)))
        }
        #expect(error.reason == reason)
        #expect(!"\(error)".contains("secret"))
    }
}

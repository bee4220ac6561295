// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Foundation
import Inventory
import Testing

private let samples = StoredSamples<ListEvent>(
    in: Bundle.module.bundleURL.appending(path: "Samples/Lists"), of: Lists.stream(of: sampleID),
    [
        "inventory.lists.created.1": .created(
            ListCreated(id: sampleID, customer: "Ada Lovelace", expiresOn: "2027-01-31")),
        "inventory.lists.line-added.1": .lineAdded(
            LineAdded(id: sampleID, lineID: uuid(2), product: "Lamp oil", quantity: 12)),
        "inventory.lists.deleted.1": .deleted(ListDeleted(id: sampleID)),
    ])

@Suite("A list's event")
struct ListEventTests {
    @Test("is read and written as it was stored, every version that there ever was")
    func storedSamples() throws { #expect(try samples.flaws() == []) }

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

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Foundation
import Testing

@testable import Users

private let samples = StoredSamples<UserEvent>(
    in: Bundle.module.bundleURL.appending(path: "Samples"), of: Users.stream(of: sampleID),
    [
        "user.created.1": .created(UserCreated(id: sampleID, name: "Ada Lovelace", email: "Ada@Computing.org")),
        "user.updated.1": .updated(
            UserUpdated(id: sampleID, name: "Ada King, Countess of Lovelace", email: "countess@computing.org")),
        "user.deleted.1": .deleted(UserDeleted(id: sampleID)),
    ])

@Suite("A user event")
struct UserEventTests {
    @Test("is read and written as it was stored, every version that there ever was")
    func storedSamples() throws { #expect(try samples.flaws() == []) }

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

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Foundation
import Testing
import Users

private let created = UserEvent.created(UserCreated(id: sampleID, name: "Ada", email: "Ada@Computing.org"))
private let updated = UserEvent.updated(UserUpdated(id: sampleID, name: "Ada King", email: "countess@B.org"))
private let deleted = UserEvent.deleted(UserDeleted(id: sampleID))

/// The document after events in order, from version 1 on.
private func document(after events: UserEvent...) throws -> UserDocument? {
    var document: UserDocument?
    for (index, event) in events.enumerated() {
        let version = Int64(index) + 1
        document = try UserProjection.evolve(document, event, recorded(event, version: version))
    }
    return document
}

@Suite("The users' projection")
struct UserProjectionTests {
    @Test("makes a document of a registration, found by the address in lower case")
    func creation() throws {
        let document = try #require(try document(after: created))
        #expect(
            document
                == UserDocument(
                    id: sampleID.description, version: 1, createdAt: time(of: 1), updatedAt: time(of: 1), name: "Ada",
                    email: "Ada@Computing.org"))
        #expect(UserDocument.byEmail.value(document) == "ada@computing.org")
        #expect(!document.isDeleted)
    }

    @Test("changes name and address, and keeps when the user registered")
    func change() throws {
        let document = try #require(try document(after: created, updated))
        #expect(
            document
                == UserDocument(
                    id: sampleID.description, version: 2, createdAt: time(of: 1), updatedAt: time(of: 2),
                    name: "Ada King", email: "countess@B.org"))
        #expect(UserDocument.byEmail.value(document) == "countess@b.org")
    }

    @Test("leaves of a deleted user the version and nothing personal, and no way to find it by address")
    func deletion() throws {
        let document = try #require(try document(after: created, updated, deleted))
        #expect(
            document
                == UserDocument(id: sampleID.description, version: 3, createdAt: time(of: 1), updatedAt: time(of: 3)))
        #expect(document.isDeleted)
        #expect(UserDocument.byEmail.value(document) == nil)
        let stored = String(decoding: try JSONEncoder().encode(document), as: UTF8.self).lowercased()
        for text in ["ada", "king", "countess", "computing", "b.org", "name", "email"] {
            #expect(!stored.contains(text))
        }
    }

    @Test("shows a user, and nothing of a deleted one")
    func view() throws {
        let present = try #require(try document(after: created, updated))
        let shown = try #require(UserView(present))
        #expect(shown.id == sampleID.description)
        #expect(shown.name == "Ada King")
        #expect(shown.email == "countess@B.org")
        #expect(shown.version == 2)
        #expect(shown.createdAt == time(of: 1))
        #expect(shown.updatedAt == time(of: 2))
        let past = try #require(try document(after: created, deleted))
        #expect(UserView(past) == nil)
    }

    @Test(
        "refuses what cannot follow",
        arguments: [
            [updated], [deleted], [created, created], [created, deleted, created], [created, deleted, updated],
            [created, deleted, deleted],
        ])
    func impossible(events: [UserEvent]) throws {
        var document: UserDocument?
        for (index, event) in events.dropLast().enumerated() {
            document = try UserProjection.evolve(document, event, recorded(event, version: Int64(index) + 1))
        }
        let (last, before) = (try #require(events.last), document)
        let error = try #require(throws: MalformedEvent.self) {
            try UserProjection.evolve(before, last, recorded(last, version: Int64(events.count)))
        }
        #expect(error.reason == .invalidData)
    }

    @Test("refuses an event about another user than its stream's", arguments: [created, updated, deleted])
    func foreign(event: UserEvent) throws {
        let before = event == created ? nil : try document(after: created)
        let error = try #require(throws: MalformedEvent.self) {
            try UserProjection.evolve(before, event, recorded(event, version: 2, user: UUIDv7(at: time(of: 1))))
        }
        #expect(error.reason == .invalidData)
    }
}

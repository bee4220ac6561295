// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import CQRSTesting
import CQRSUpkeep
import Foundation
import Testing
import Users

@Suite("A user's document from before there were lists", .timeLimit(.minutes(1)))
struct OldUserDocumentTests {
    private let created = UserEvent.created(UserCreated(id: sampleID, name: "Ada", email: "ada@b.org"))

    /// The document of a user's first event, as it was stored then.
    private func oldDocument() throws -> UserDocument {
        let event = recorded(created, version: 1)
        var document = try UserProjection.evolve(nil, created, event)
        #expect(document.nameKey == "ada")
        document.nameKey = nil
        let stored = try JSONEncoder().encode(document)
        #expect(!String(decoding: stored, as: UTF8.self).contains("nameKey"))
        return try JSONDecoder().decode(UserDocument.self, from: stored)
    }

    @Test("can be read, but is not listed")
    func reading() async throws {
        let model = InMemoryReadModel<UserDocument>()
        let document = try oldDocument()
        #expect(document.name == "Ada")
        _ = await model.write([ReadModelChange(stream: Users.stream(of: sampleID), baseVersion: 0, document: document)])
        #expect(await model.page(by: UserDocument.byName, prefix: "", after: nil, limit: 9).entries.isEmpty)
        #expect(await model.first(where: UserDocument.byEmail, equals: "ada@b.org") == document)
    }

    @Test("gets what it lacks by the next event")
    func update() throws {
        let event = UserEvent.updated(UserUpdated(id: sampleID, name: "Ada", email: "new@b.org"))
        let after = try UserProjection.evolve(try oldDocument(), event, recorded(event, version: 2))
        #expect(after.nameKey == "ada")
    }

    @Test("is found by an audit, which can mend it")
    func audit() async throws {
        let (store, model) = (InMemoryEventStore(), InMemoryReadModel<UserDocument>())
        _ = await store.append(
            EventAppend(Commit(recorded(created, version: 1)), writer: WriterID(), sequence: 1))
        let stream = Users.stream(of: sampleID)
        _ = await model.write([ReadModelChange(stream: stream, baseVersion: 0, document: try oldDocument())])
        let audit = ReadModelAudit(
            UserProjection.self, events: store, model: model, patience: .zero)
        var differences: [ReadModelDifference.Kind] = []
        _ = try await audit.run(repairs: true) { difference, isMended in
            differences.append(difference.kind)
            #expect(isMended)
        }
        #expect(differences == [.different(fields: ["nameKey"])])
        #expect(await model.page(by: UserDocument.byName, prefix: "a", after: nil, limit: 9).entries.count == 1)
    }
}

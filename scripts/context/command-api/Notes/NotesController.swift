// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import HTTPTypes
import Hummingbird
import Notes
import ServiceKit

/// The commands on notes.
struct NotesController: HTTPController {
    private let handler: CommandHandler<NoteDecider>
    private let queryAPI: String

    init(_ parts: CommandParts) {
        handler = parts.handler(of: NoteDecider.self)
        queryAPI = parts.queryAPI
    }

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.post("notes", use: create)
        routes.patch("notes/{id}", use: change)
        routes.delete("notes/{id}", use: delete)
        return routes
    }

    /// `POST /notes` `{"text"}`: begins a note.
    @Sendable
    private func create(_ request: Request, context: ServiceRequestContext) async throws -> CommandAnswer {
        try request.requireNoExpectation()
        let origin = CommandOrigin("notes.create", key: try request.idempotencyKey(), context)
        let text = try await readText(request)
        let now = Timestamp.now()
        let id = UUIDv7(at: now)
        return answer(
            try await handler.handle(
                .create(id, text), on: .new(Notes.stream(of: id)),
                context: origin.context(at: now, Fingerprint.text(text.text))))
    }

    /// `PATCH /notes/{id}` `{"text"}`: has a note say something else.
    @Sendable
    private func change(_ request: Request, context: ServiceRequestContext) async throws -> CommandAnswer {
        let stream = try stream(context)
        let origin = CommandOrigin("notes.change", key: try request.idempotencyKey(), context)
        let versions = try request.preconditions()
        let text = try await readText(request)
        return answer(
            try await handler.handle(
                .change(text), on: .existing(stream),
                context: origin.context(at: .now(), Fingerprint.text(stream.name, text.text), if: versions)))
    }

    /// `DELETE /notes/{id}`: removes a note.
    @Sendable
    private func delete(_ request: Request, context: ServiceRequestContext) async throws -> CommandAnswer {
        let stream = try stream(context)
        let origin = CommandOrigin("notes.delete", key: try request.idempotencyKey(), context)
        return answer(
            try await handler.handle(
                .delete, on: .existing(stream),
                context: origin.context(at: .now(), Fingerprint.text(stream.name), if: try request.preconditions())))
    }

    private func readText(_ request: Request) async throws -> NoteText {
        var fields = try await request.readJSONFields()
        let text = fields.string("text", NoteText.init(_:))
        try fields.finish()
        guard let text else { preconditionFailure("a missing field is an error of its own") }
        return text
    }

    private func stream(_ context: ServiceRequestContext) throws -> StreamID {
        guard let id = UUIDv7(try context.segment("id")) else { throw NoteDecider.Rejection.noSuchNote }
        return Notes.stream(of: id)
    }

    private func answer(_ outcome: CommandOutcome<NoteDecider.State>) -> CommandAnswer {
        if case .present(let id, _) = outcome.state {
            CommandAnswer(outcome, place: "\(queryAPI)/notes/\(id)")
        } else {
            CommandAnswer(outcome, place: nil)
        }
    }
}

extension NoteDecider.Rejection: DescribedRefusal {
    var problem: ProblemDetails {
        switch self {
        case .alreadyExists: ProblemDetails(.noteExists)
        case .noSuchNote: ProblemDetails(.noteNotFound)
        }
    }
}

extension ProblemType {
    /// 404: there is no such note.
    fileprivate static let noteNotFound = ProblemType(
        "/problems/note-not-found", status: .notFound, title: "There is no such note")
    /// 409: the identifier is that of another note.
    fileprivate static let noteExists = ProblemType(
        "/problems/note-exists", status: .conflict, title: "There is such a note already")
}

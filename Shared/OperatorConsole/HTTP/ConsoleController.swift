// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import CQRSAMQP
internal import CQRSMongoDB
internal import Essentials
internal import HTTPTypes
internal import Hummingbird
internal import ServiceKit

/// The routes of the console.
struct ConsoleController: Sendable {
    let system: ConsoleSystem
    let models: [any InspectedReadModel]
    let feed: ConsoleFeed
    let rebuilds: RebuildDesk
    let actions: ActionLog

    private typealias Context = ServiceRequestContext

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.get("console") { _, _ in ConsoleAsset.page.response }
        routes.get("console/{file}") { _, context in
            guard let asset = ConsoleAsset.files[try context.segment("file")] else { throw ProblemDetails(.notFound) }
            return asset.response
        }
        routes.group("console/api").add(middleware: SameOriginMiddleware(isStream: true)).get("flow", use: watch)
        let api = routes.group("console/api").add(middleware: SameOriginMiddleware())
        api.get("events/{writer}/{sequence}", use: showCommit)
        api.get("entities/{readModel}", use: findEntity)
        api.get("entities/{readModel}/{stream}/{version}", use: showStep)
        api.get("dead-letters/{readModel}", use: listLetters)
        api.get("dead-letters/{readModel}/letters/{id}", use: showLetter)
        api.post("dead-letters/{readModel}/{action}", use: changeLetters)
        api.post("projections/{readModel}/stop", use: stopWork)
        api.post("projections/{readModel}/{action}", use: changeGenerations)
        api.get("actions", use: listActions)
        return routes
    }

    // MARK: Looking

    @Sendable
    private func watch(_ request: Request, context: Context) async throws -> Response {
        let place = try context.takeStreamPlace()
        let watching = ConsoleWatching(feed)
        context.whenClientLeaves { [seat = watching.seat] in seat.leave() }
        return .events(watching, in: place)
    }

    /// A commit with what its events say.
    @Sendable
    private func showCommit(_ request: Request, context: Context) async throws -> Response {
        guard let writer = WriterID(try context.segment("writer")),
            let sequence = Int64(try context.segment("sequence")),
            let found = try await system.events.commits(of: writer, numbered: [sequence]).first
        else { throw ProblemDetails(.notFound) }
        return .json { json in
            json.beginArray()
            for event in found.commit.events {
                json.beginObject()
                event.writeContent(to: &json)
                json.endObject()
            }
            json.endArray()
        }
    }

    /// What somebody calls an entity, as its journey; several that may be meant, as a list.
    @Sendable
    private func findEntity(_ request: Request, context: Context) async throws -> Response {
        let model = try model(context)
        var parameters = QueryParameters(request)
        let text = parameters.string("key") ?? ""
        let after = parameters.integer("after", in: RecordedEvent.versions) ?? 0
        try parameters.finish()
        let streams = try await model.streams(meantBy: text)
        guard let stream = streams.first else { throw ProblemDetails(.notFound) }
        let related = models.filter { $0.category == model.category }
        let journey = try await EntityJourney(of: stream, after: after, events: system.events, models: related)
        return .json { json in journey.write(to: &json) }
    }

    /// One event of an entity, with the document before and after it.
    @Sendable
    private func showStep(_ request: Request, context: Context) async throws -> Response {
        let model = try model(context)
        guard let stream = StreamID(try context.segment("stream")), stream.category == model.category,
            let version = Int64(try context.segment("version")), RecordedEvent.versions.contains(version),
            let step = try await context.whileClientStays({ try await model.step(of: stream, to: version) })
        else { throw ProblemDetails(.notFound) }
        return .json { json in step.write(to: &json) }
    }

    // MARK: Dead letters

    /// The letters without their content, and with `preview=on` what a replay would do.
    @Sendable
    private func listLetters(_ request: Request, context: Context) async throws -> Response {
        let model = try model(context)
        var parameters = QueryParameters(request)
        let wantsPreview = parameters.string("preview") == "on"
        try parameters.finish()
        let (letters, total) = try await answering { try await desk(model).list() }
        // A long stream is folded for each.
        let previews = try await context.whileClientStays {
            var previews: [ReplayPreview] = []
            if wantsPreview { for letter in letters { previews.append(try await model.preview(letter)) } }
            return previews
        }
        return .json { json in
            json.beginObject()
            json.member("total", total)
            json.key("letters")
            json.beginArray()
            for (index, letter) in letters.enumerated() {
                json.beginObject()
                for member in letter.json.members {
                    json.key(member.name)
                    json.value(member.value)
                }
                if wantsPreview {
                    json.key("preview")
                    previews[index].write(to: &json)
                }
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
    }

    @Sendable
    private func showLetter(_ request: Request, context: Context) async throws -> Response {
        let (model, id) = (try model(context), try context.segment("id"))
        guard let letter = try await answering({ try await desk(model).letter(id) }) else {
            throw ProblemDetails(.notFound)
        }
        return .json { json in json.value(.object(letter.wholeJSON)) }
    }

    /// `replay` or `discard` of `{"ids":[…]}`: a receipt for each.
    @Sendable
    private func changeLetters(_ request: Request, context: Context) async throws -> Response {
        let (model, action) = (try model(context), try context.segment("action"))
        guard ["replay", "discard"].contains(action) else { throw ProblemDetails(.notFound) }
        let ids = try await LetterSelection(request).ids
        let entry = entry(action, model, context, letters: ids.count)
        try await actions.begin(entry)
        do {
            let desk = desk(model)
            let receipts = try await answering {
                action == "replay" ? try await desk.replay(ids) : try await desk.discard(ids)
            }
            let done = receipts.count(where: \.isDone)
            await actions.end(entry, "\(done) of \(ids.count) done")
            return .json { json in
                json.beginArray()
                for receipt in receipts { json.value(.object(receipt.json)) }
                json.endArray()
            }
        } catch {
            let reason = (error as? ProblemDetails)?.detail ?? FailureCategory(of: error).rawValue
            await actions.end(entry, "failed: \(reason)")
            throw error
        }
    }

    private func desk(_ model: any InspectedReadModel) -> LetterDesk { LetterDesk(model: model, system: system) }

    // MARK: Generations

    /// 202: the work begins; the flow tells how far it is.
    @Sendable
    private func changeGenerations(_ request: Request, context: Context) async throws -> Response {
        let model = try model(context)
        guard let action = try await GenerationAction(try context.segment("action"), request) else {
            throw ProblemDetails(.notFound)
        }
        let entry = entry(action.name, model, context)
        try await actions.begin(entry)
        guard rebuilds.take(action, on: model, entry) else {
            await actions.end(entry, "refused: this process is at work on generations")
            throw ProblemDetails(.atWork)
        }
        return .accepted
    }

    /// 202: the work ends at its next step, and can be gone on with.
    @Sendable
    private func stopWork(_ request: Request, context: Context) async throws -> Response {
        let model = try model(context)
        let entry = entry("stop", model, context)
        try await actions.begin(entry)
        guard rebuilds.stop(model.name) else {
            await actions.end(entry, "refused: nothing to stop")
            throw ProblemDetails(.notAtWork)
        }
        await actions.end(entry, "done")
        return .accepted
    }

    // MARK: Actions

    @Sendable
    private func listActions(_ request: Request, context: Context) async throws -> Response {
        let found = try await actions.newest(50)
        return .json { json in
            json.beginArray()
            for (entry, outcome) in found { entry.write(outcome, to: &json) }
            json.endArray()
        }
    }

    private func entry(
        _ action: String, _ model: any InspectedReadModel, _ context: Context, letters: Int? = nil
    ) -> ActionEntry {
        let now = Timestamp.now()
        return ActionEntry(
            id: UUIDv7(at: now), at: now, who: context.peerAddress ?? "unknown", requestID: context.requestID,
            action: action, readModel: model.name, letters: letters)
    }

    private func model(_ context: Context) throws -> any InspectedReadModel {
        let name = try context.segment("readModel")
        guard let model = models.first(where: { $0.name == name }) else { throw ProblemDetails(.notFound) }
        return model
    }

    /// Runs what asks the broker, and says what is wrong where an operator can mend it. The broker's own text holds no data.
    private func answering<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as AMQPError {
            throw ProblemDetails.unavailable(retryAfter: .seconds(2), detail: "the broker: \(error)")
        }
    }
}

extension ActionEntry {
    fileprivate func write(_ outcome: String?, to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id.description)
        json.member("at", at.description)
        json.member("who", who)
        json.member("requestId", requestID)
        json.member("action", action)
        json.member("readModel", readModel)
        if let letters { json.member("letters", letters) }
        json.member("outcome", ifPresent: outcome)
        json.endObject()
    }
}

extension ProblemType {
    /// 409: work on generations is under way in this process, one at a time.
    static let atWork = ProblemType(
        "/problems/at-work", status: .conflict, title: "This process is at work on generations already")

    /// 409: no work on that read model's generations is under way in this process.
    static let notAtWork = ProblemType(
        "/problems/not-at-work", status: .conflict, title: "This process is not at work on that read model")
}

extension Response {
    /// 202, with nothing to say.
    fileprivate static var accepted: Response {
        .json(.accepted) { json in
            json.beginObject()
            json.endObject()
        }
    }
}

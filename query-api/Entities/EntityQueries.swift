// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import HTTPTypes
import Hummingbird
import ServiceKit

/// Answers about one kind of entity: as its read model has it, from memory if possible, and as the event store says that it was.
struct EntityQueries<P: Projection, Model: ReadModelQueries<P.Document>, Answer: Sendable>: Sendable {
    /// Which part of what is kept for an entity is sent.
    typealias Part = @Sendable (Answer) -> PreparedAnswer

    let cache: NearCache<Model, Answer>
    let events: any EventQueries
    let past: StreamPast<P>
    /// 404: there is no such entity.
    let notFound: ProblemType
    /// 404: there was none at the time asked for.
    let notYet: ProblemType

    init(_ cache: NearCache<Model, Answer>, events: any EventQueries, notFound: ProblemType, notYet: ProblemType) {
        self.cache = cache
        self.events = events
        past = StreamPast(events)
        self.notFound = notFound
        self.notYet = notYet
    }

    /// What a plain `GET` of an entity gets ahead of the router.
    ///
    /// - Parameters:
    ///   - key: what it is looked up by, from any text: what is in memory under it is an entity's.
    ///   - address: the same, for what is not in memory; `nil` for what the router has to refuse.
    func hot(_ key: String, _ part: @escaping Part, _ address: () -> EntityAddress?) -> HotOutcome {
        if let hit = cache.cached(key) { return .answer(HotAnswer(hit, part)) }
        guard let address = address() else { return .pass }
        return .task { HotAnswer(try await find(address, waiting: nil), part) }
    }

    /// The same of an entity by its stream.
    func hot(_ stream: StreamID, _ part: @escaping Part) -> HotOutcome {
        if let hit = cache.cached(stream) { return .answer(HotAnswer(hit, part)) }
        return .task { HotAnswer(try await find(.stream(stream), waiting: nil), part) }
    }

    /// `GET` of an entity: as the read model has it or, if asked, as the event store says that it was.
    func show(
        _ address: EntityAddress, _ request: Request, _ context: ServiceRequestContext, _ part: @escaping Part
    ) async throws -> Response {
        let query = try MomentQuery(request, category: P.category)
        if let moment = query.moment {
            let answer = try await context.whileClientStays { try await self.answer(address, at: moment) }
            return EntityResponse(answer: part(answer), origin: nil).response(from: request, context: context)
        }
        let (found, applied) = try await find(address, query.condition, request, context)
        return EntityResponse(answer: part(found.answer), origin: found.origin, appliedWait: applied)
            .response(from: request, context: context)
    }

    /// An entity as the read model has it; with a condition only once the read model has that version.
    ///
    /// - Returns: how long the client was ready to wait as well, if that mattered.
    func find(
        _ address: EntityAddress, _ condition: VersionCondition?, _ request: Request, _ context: ServiceRequestContext
    ) async throws -> (NearCacheAnswer<Answer>, WaitPreference?) {
        if condition == nil, let hit = cached(address) { return (hit, nil) }
        let applied = WaitPreference(request.headers).map { min($0, .longest) }
        if let condition, let hit = cached(address, condition) { return (hit, applied) }
        let found = try await context.whileClientStays {
            guard let condition else { return try await find(address, waiting: applied) }
            return try await find(address, condition, waiting: applied)
        }
        if condition != nil { await link(context, to: found) }
        return (found, applied)
    }

    /// A request that is recorded has a link to the command that made what it waited for.
    private func link(_ context: ServiceRequestContext, to found: NearCacheAnswer<Answer>) async {
        guard context.isRecorded,
            let event = try? await events.read(found.stream, after: found.version - 1, limit: 1).first,
            let origin = event.metadata.traceparent
        else { return }
        context.link(to: origin)
    }

    /// What is in memory and can be relied on.
    func cached(_ address: EntityAddress, _ condition: VersionCondition? = nil) -> NearCacheAnswer<Answer>? {
        switch address {
        case .key(let key, _): cache.cached(key, atLeast: condition?.version ?? 0, of: condition?.stream)
        case .stream(let stream): cache.cached(stream, atLeast: condition?.version ?? 0)
        }
    }

    /// Whoever has an address: nobody is 404 only if the event store says so, too.
    private func find(
        _ address: EntityAddress, waiting applied: WaitPreference?
    ) async throws -> NearCacheAnswer<Answer> {
        switch try await lookUp(address, waiting: applied) {
        case .found(let found): return found
        case .nobody(isConfirmed: true): throw ProblemDetails(notFound, applied)
        case .nobody(isConfirmed: false): throw ProblemDetails(unconfirmed: notFound, applied)
        case .notYetVisible: throw ProblemDetails(.notYetVisible, applied, retryAfter: .seconds(1))
        }
    }

    /// Whoever has an address, as the read model has it or will in a moment; or that nobody has it.
    func lookUp(
        _ address: EntityAddress, waiting applied: WaitPreference?
    ) async throws -> KeyedAnswer<Answer> {
        let limit = (applied ?? .usual).duration
        return switch address {
        case .key(let key, let claim): try await cache.find(key, claimedAs: claim, in: events, within: limit)
        case .stream(let stream): try await cache.find(stream, in: events, within: limit)
        }
    }

    private func find(
        _ address: EntityAddress, _ condition: VersionCondition, waiting applied: WaitPreference?
    ) async throws -> NearCacheAnswer<Answer> {
        let limit = (applied ?? .usual).duration
        let answer =
            switch address {
            case .key(let key, _):
                try await cache.find(key, atLeast: condition.version, of: condition.stream, within: limit)
            case .stream(let stream): try await cache.find(stream, atLeast: condition.version, within: limit)
            }
        switch answer {
        case .found(let found): return found
        case .elsewhere: throw ProblemDetails(notFound, applied)
        case .notYetVisible: throw ProblemDetails(.notYetVisible, applied, retryAfter: .seconds(1))
        }
    }
}

extension WaitPreference {
    /// How long to wait for who is not there yet if the client does not say.
    static let usual = WaitPreference(seconds: 2)
    /// How long at most.
    static let longest = WaitPreference(seconds: 30)
}

extension ProblemDetails {
    fileprivate init(_ type: ProblemType, _ applied: WaitPreference?, retryAfter: Duration? = nil) {
        if let retryAfter { self.init(type, retryAfter: retryAfter) } else { self.init(type) }
        if let applied { headers[.preferenceApplied] = applied.text }
    }

    /// Nobody is there as far as the read model knows, and the event store could not be asked.
    fileprivate init(unconfirmed type: ProblemType, _ applied: WaitPreference?) {
        self.init(type, applied)
        detail = "the event store, which has the last word, cannot be asked at the moment"
        headers[.cacheStatus] = "query-api; fwd=miss; detail=unconfirmed"
    }
}

extension ProblemType {
    /// 503: the read model did not show in time what the event store has.
    static let notYetVisible = ProblemType(
        "/problems/not-yet-visible", status: .serviceUnavailable,
        title: "What was asked for is not visible yet")
}

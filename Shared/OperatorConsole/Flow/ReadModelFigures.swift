// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import Essentials

/// One read model on its way from the broker to queries.
struct ReadModelFigures: Sendable {
    let name: String
    /// `nil` while the broker has not said.
    let queues: BrokerFigures.Queues?
    /// How fast what is ready in the serving generation's queue grows; below zero when it shrinks.
    let readyPerSecond: Double
    /// `nil` for one that nothing is kept of in memory.
    let cache: OwnWatch.Cache?
    /// `nil` while that is not known.
    let generations: GenerationState?
    /// What this process does about its generations, or did last.
    let rebuild: RebuildWork?

    /// How long the queue takes to be empty, if it goes on like this.
    var secondsToGo: Double? {
        guard let ready = queues?.serving?.state?.messages, ready > 0, readyPerSecond < -0.5 else { return nil }
        return Double(ready) / -readyPerSecond
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("name", name)
        if let queues {
            json.member("dead", queues.dead)
            if let retrying = queues.retrying { json.member("retrying", retrying) }
            if let feeding = queues.feeding { write(feeding, to: &json) }
        }
        if let cache {
            json.member("isFollowing", cache.isFollowing)
            json.key("changesPerSecond")
            json.double(cache.changesPerSecond)
            if let lag = cache.lagSeconds { json.member("lagMs", Int(lag * 1000)) }
        }
        if let generations {
            json.key("generations")
            generations.write(to: &json)
        }
        if let rebuild {
            json.key("rebuild")
            rebuild.write(to: &json)
        }
        json.endObject()
    }

    private func write(_ feeding: [BrokerFigures.Feeding], to json: inout JSONWriter) {
        json.member("ready", queues?.serving?.state?.messages ?? 0)
        json.key("readyPerSecond")
        json.double(readyPerSecond)
        if let secondsToGo { json.member("secondsToGo", Int(secondsToGo.rounded(.up))) }
        json.key("queues")
        json.beginArray()
        for each in feeding { each.write(to: &json) }
        json.endArray()
    }
}

extension BrokerFigures.Feeding {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("generation", generation.number)
        json.member("queue", queue)
        json.member("isFed", isFed)
        if let state {
            json.member("ready", state.messages)
            json.member("consumers", state.consumers)
        }
        json.member("isWithoutConsumer", isWithoutConsumer)
        json.endObject()
    }
}

extension GenerationState {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("serving", serving.number)
        if let standby { json.member("standby", standby.number) }
        if let build {
            json.member("build", build.generation.number)
            json.member("buildEvents", build.events)
            json.member("isFilled", build.isFilled)
        }
        if let handover { json.member("handover", handover.rawValue) }
        if let retiring { json.member("retiring", retiring.number) }
        json.endObject()
    }
}

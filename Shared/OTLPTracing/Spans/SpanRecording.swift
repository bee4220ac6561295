// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization
internal import Tracing

/// A span that is recorded, from its start to its end. May be used by any thread.
final class SpanRecording: Sendable {
    private struct State {
        var data: SpanData
        var hasEnded = false
    }

    private let state: Mutex<State>
    private let limits: SpanLimits
    private let queue: SpanQueue

    init(_ data: SpanData, limits: SpanLimits, queue: SpanQueue) {
        state = Mutex(State(data: data))
        self.limits = limits
        self.queue = queue
    }

    /// Whether it takes anything yet.
    var isOpen: Bool { state.withLock { !$0.hasEnded } }

    var name: String {
        get { state.withLock { $0.data.name } }
        set { change { $0.name = newValue } }
    }

    var attributes: SpanAttributes {
        get { state.withLock { $0.data.attributes.values } }
        set {
            change {
                $0.attributes.replace(
                    with: newValue, count: limits.attributes, valueLength: limits.attributeValueLength)
            }
        }
    }

    func add(_ event: SpanEvent) {
        change { data in
            guard data.events.count < limits.events else { return data.droppedEvents += 1 }
            data.events.append(
                SpanData.Event(
                    name: event.name, time: event.nanosecondsSinceEpoch,
                    attributes: LimitedAttributes(
                        event.attributes, count: limits.eventAttributes, valueLength: limits.attributeValueLength)))
        }
    }

    /// Adds a link; one to something that is no span of a tracer like this one leads nowhere, and is left out.
    func add(_ link: SpanLink) {
        guard let context = link.context.span else { return }
        change { data in
            guard data.links.count < limits.links else { return data.droppedLinks += 1 }
            data.links.append(
                SpanData.Link(
                    context: context,
                    attributes: LimitedAttributes(
                        link.attributes, count: limits.linkAttributes, valueLength: limits.attributeValueLength)))
        }
    }

    /// Success is final; of failures the last counts (OpenTelemetry specification, "Set status").
    func set(_ status: SpanStatus) {
        change { data in
            guard data.status?.code != .ok else { return }
            data.status = status
        }
    }

    /// Ends the span, and lets it be exported. Only the first end counts.
    func end(at time: UInt64) {
        let ended: SpanData? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            // The clock may have been set back.
            state.data.end = max(time, state.data.start)
            return state.data
        }
        if let ended { queue.add(ended) }
    }

    private func change(_ body: (inout SpanData) -> Void) {
        state.withLock { state in
            if !state.hasEnded { body(&state.data) }
        }
    }
}

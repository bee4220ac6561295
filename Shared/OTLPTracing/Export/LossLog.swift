// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Logging
internal import Synchronization

/// Says that spans are lost, once a minute at most: a collector that is away must not fill the log.
final class LossLog: Sendable {
    private static let interval = Duration.seconds(60)

    private struct State {
        var lost = 0
        var last: ContinuousClock.Instant?
    }

    private let logger: Logger
    private let state = Mutex(State())

    init(logger: Logger) { self.logger = logger }

    /// Some are lost, maybe none.
    func lost(_ count: Int, _ reason: String, now: ContinuousClock.Instant = .now) {
        let total: Int? = state.withLock { state in
            state.lost += count
            guard state.lost > 0, state.last.map({ now - $0 >= Self.interval }) ?? true else { return nil }
            defer { state.lost = 0 }
            state.last = now
            return state.lost
        }
        guard let total else { return }
        logger.warning("spans are lost", metadata: ["spans": "\(total)", "reason": .string(reason)])
    }

    /// A collector says what it did not take, or what it does not like.
    func partial(_ partial: PartialSuccess) {
        let text = String(partial.message.prefix(256))
        if partial.rejectedSpans > 0 {
            lost(Int(clamping: partial.rejectedSpans), "the collector rejects them: \(text)")
        } else {
            logger.debug("the collector has taken all spans, but says", metadata: ["text": .string(text)])
        }
    }
}

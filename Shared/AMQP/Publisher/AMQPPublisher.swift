// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
import Synchronization

/// Publishes messages and waits for the broker's confirms.
///
/// Any number of tasks may call ``publish(_:)-(AMQPMessage)`` and ``publish(_:)-([AMQPMessage])`` at once; their
/// messages share one connection and a window of unconfirmed messages. ``run()`` keeps the connection, and makes it
/// again when it is lost; everything unconfirmed is then published again under the same `message_id`, so a message may
/// arrive twice but, once confirmed, never not at all.
///
/// Messages of one task arrive in the order of its calls, those of one call in the order of the array. When the
/// connection is lost, repeats keep that order among themselves.
public final class AMQPPublisher: Sendable {
    private let core: PublisherCore
    private let topology: AMQPTopology?
    private let logger: Logger
    private let hasRun = Atomic<Bool>(false)

    /// A publisher, which connects when ``run()`` is called.
    ///
    /// - Parameters:
    ///   - configuration: where to connect, and every limit.
    ///   - topology: declared on each connection before anything is published.
    ///   - logger: gets connections made and lost, at `info` or below.
    public init(configuration: AMQPConfiguration, topology: AMQPTopology? = nil, logger: Logger) {
        core = PublisherCore(configuration: configuration)
        self.topology = topology
        self.logger = logger
        Watchdog.shared.add(core)
    }

    deinit { Watchdog.shared.remove(core) }

    /// The state of the connection.
    public var status: AMQPStatus { core.status }

    /// Publishes a message and returns once the broker has taken responsibility for it.
    ///
    /// For a durable queue that means written to disk, for a quorum queue also replicated. While there is no
    /// connection, or the broker takes no messages, this waits, with everything else, for at most
    /// ``AMQPConfiguration/publishTimeout``.
    ///
    /// After `connectionLost`, `timedOut`, `blocked` or `cancelled` the message may or may not have been published;
    /// repeating it with the same ``AMQPProperties/messageID`` lets the receiver notice. A message not yet written when
    /// its caller gives up is never published.
    ///
    /// - Throws:
    ///   - `unroutable` when the message is mandatory and no queue took it;
    ///   - `nacked` when the broker refused it for now, for instance over a full queue;
    ///   - `notFound`, `accessRefused` or `preconditionFailed` when the broker refuses it, as for a missing exchange;
    ///   - `invalidArgument` when it breaks a limit; nothing was sent;
    ///   - when the time is over: `blocked` during an alarm, the reason why there is no connection, else `timedOut`;
    ///   - `cancelled` when the task is cancelled, `closed` when ``run()`` has ended or is ending.
    public func publish(_ message: AMQPMessage) async throws(AMQPError) {
        if let error = await publish([message])[0] { throw error }
    }

    /// Publishes messages and returns once the broker has answered for each of them.
    ///
    /// What ``publish(_:)-(AMQPMessage)`` says of a message holds for each of these. They are published in this order,
    /// with no other task's messages in between, as fast as the window allows, and
    /// ``AMQPConfiguration/publishTimeout`` is for all of them together. A message that fails does not hold up those
    /// after it: they may be confirmed, and have arrived, without it.
    ///
    /// When the task is cancelled, messages that the broker has already answered for keep their outcome; the others are
    /// `cancelled`, and of these the ones not yet written are never published.
    ///
    /// This costs one suspension, however many the messages, and is far cheaper than a task for each.
    ///
    /// - Returns: for each message, in the order of the messages, `nil` when it is confirmed, else the error that
    ///   ``publish(_:)-(AMQPMessage)`` would throw. At once, if no message keeps to the limits, as for an empty array.
    public func publish(_ messages: [AMQPMessage]) async -> [AMQPError?] {
        let call = PublishCall(messages)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                call.wait(continuation)
                core.enqueue(call)
            }
        } onCancel: {
            core.cancel(call)
        }
    }

    /// Connects, and keeps connected until the task is cancelled. May be called once.
    ///
    /// On cancellation it takes no more messages, waits until the present ones are confirmed or out of time, closes the
    /// connection and returns. Failures to connect do not end it: see ``status``.
    ///
    /// - Throws: ``AMQPError/Code/closed`` when called a second time.
    public func run() async throws {
        guard !hasRun.exchange(true, ordering: .relaxed) else { throw AMQPError(.closed, "run() was called before") }
        await withTaskCancellationHandler {
            await keepConnected()
        } onCancel: {
            core.stop()
        }
        core.close()
    }

    private func keepConnected() async {
        var backoff = Backoff(core.configuration)
        while true {
            let start = ContinuousClock.now
            let link = PublisherLink(core: core, topology: topology)
            do throws(AMQPError) {
                let address = try await link.open()
                logger.info("connected to the broker", metadata: [LogKey.address: "\(address)"])
                switch await link.end() {
                case .finished:
                    return
                case .rejected(let error):
                    logger.info("the broker refused a message", metadata: LogKey.metadata(error))
                    // The connection was well: the other messages need not wait.
                    if !Task.isCancelled { continue }
                case .lost(let error):
                    logger.info("lost the connection to the broker", metadata: LogKey.metadata(error))
                }
            } catch {
                core.disconnected(error)
                logger.info("could not connect to the broker", metadata: LogKey.metadata(error))
            }
            guard !Task.isCancelled else { return }
            do { try await Task.sleep(for: backoff.next(after: ContinuousClock.now - start)) } catch { return }
        }
    }
}

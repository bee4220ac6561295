// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
public import CQRS
public import CQRSServing
internal import Essentials
internal import Foundation
public import Logging
internal import Synchronization

/// What the writers of all read models tell, as one query service follows it: over one queue of its own, for as long as a
/// connection lasts.
///
/// Run it beside those who follow. It sends itself an echo several times a second, on the way that notices take: behind an
/// echo that has arrived no earlier notice is missing. So a connection that is silent, a broker that takes no messages and
/// one that is frozen are noticed within ``patience``, and whatever was not told meanwhile cannot do harm: all followers end,
/// and begin anew.
public final class AMQPNoticeFeed: Sendable {
    /// How long ago an echo may have been sent that is the last to have arrived.
    public static let patience = Duration.seconds(2)
    private static let interval = Duration.milliseconds(400)
    /// After how long without an echo, though messages are taken, everything is made anew.
    private static let limit = Duration.seconds(10)
    private static let firstInterval = Duration.milliseconds(20)

    private let configuration: AMQPConfiguration
    private let readModels = Mutex<Set<String>>([])
    private let publisher: AMQPPublisher
    private let logger: Logger
    private let followers = Mutex(NoticeFollowers())
    /// The queue of the connection, while there is one.
    private let queue = Mutex<String?>(nil)

    /// A feed of notices; see ``follow(_:)``.
    ///
    /// - Parameters:
    ///   - configuration: where the broker is. The user needs the rights to make, bind and read queues whose names begin with
    ///     ``NoticeTopology/exchange`` and a dot, to read that exchange and to write to it.
    ///   - logger: for connections made and lost.
    public init(configuration: AMQPConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        // Of its own: a broker that blocks publishers stops reading their connection.
        publisher = AMQPPublisher(configuration: configuration, logger: logger)
    }

    /// Adds a read model, by its permanent name, to those whose notices come. To be called before ``run()``.
    public func follow(_ readModel: String) { readModels.withLock { _ = $0.insert(readModel) } }

    /// What is told of one generation of a read model.
    ///
    /// - Parameter readModel: one that is followed.
    public func notices(of readModel: String, _ generation: Generation) -> some ReadModelNotices {
        FollowedNotices(feed: self, readModel: readModel, generation: generation)
    }

    /// Keeps connected until the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { try? await self.publisher.run() }
            group.addTask { await self.keepReading() }
            group.addTask { await self.echo() }
        }
    }

    private func keepReading() async {
        var backoff = Essentials.Backoff(from: .milliseconds(50), to: .seconds(2))
        var isAway = false
        while !Task.isCancelled {
            let start = ContinuousClock.now
            do {
                try await AMQPConnection.withConnection(configuration) { try await self.read($0) { isAway = false } }
            } catch {
                guard !Task.isCancelled else { return }
                if !isAway { logger.warning("changes are not told", metadata: ["error": "\(error)"]) }
                isAway = true
            }
            queue.withLock { $0 = nil }
            followers.withLock { $0.endAll() }
            if ContinuousClock.now - start > .seconds(10) { backoff.reset() }
            try? await Task.sleep(for: backoff.next())
        }
    }

    private func read(_ connection: AMQPConnection, onReading: () -> Void) async throws {
        let name = NoticeTopology.queueName(UUID())
        try await connection.declare(NoticeTopology.queue(name, readModels: readModels.withLock { $0.sorted() }))
        try await connection.consume(queue: name, prefetch: nil)
        queue.withLock { $0 = name }
        logger.info("told of changes", metadata: ["queue": "\(name)"])
        onReading()
        var lastEcho = ContinuousClock.now
        while !Task.isCancelled {
            // Say the exchange was made anew, without the bindings.
            guard publisher.status != .connected || .now - lastEcho < Self.limit else { throw NoEcho() }
            for delivery in try await connection.nextDeliveries(maximum: 256, within: .milliseconds(200)) {
                if delivery.routingKey == name {
                    lastEcho = .now
                    if let time = Self.time(of: delivery.body) { followers.withLock { $0.pass(.echo(time)) } }
                } else if let message = NoticeMessage(delivery.body) {
                    followers.withLock { $0.pass(.told(message), of: delivery.routingKey) }
                } else {
                    // Whatever it should say: nobody can rely on what is in memory any more.
                    throw MalformedNotice()
                }
            }
        }
    }

    /// Sends to itself what tells when it was sent.
    private func echo() async {
        while !Task.isCancelled {
            if let queue = queue.withLock({ $0 }) {
                let message = NoticeMessage.message(to: queue, body: Self.body(at: .now))
                // Without a confirm there may still be an echo, and with one there may be none: that decides.
                _ = await publisher.publish([message])
            }
            let isAwaited = followers.withLock { $0.hasNew }
            try? await Task.sleep(for: isAwaited ? Self.firstInterval : Self.interval)
        }
    }

    /// The clock has no other way out of a process, and none is needed: the echo comes back to this one.
    private static let epoch = ContinuousClock.now

    private static func body(at time: ContinuousClock.Instant) -> [UInt8] {
        let (seconds, attoseconds) = epoch.duration(to: time).components
        return Array("\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)".utf8)
    }

    private static func time(of body: [UInt8]) -> ContinuousClock.Instant? {
        Int64(String(decoding: body, as: UTF8.self)).map { epoch + .milliseconds($0) }
    }

    private struct MalformedNotice: CategorizedError, CustomStringConvertible {
        var category: FailureCategory { .malformed }
        var description: String { "a notice cannot be read" }
    }

    private struct NoEcho: CategorizedError, CustomStringConvertible {
        var category: FailureCategory { .unavailable }
        var description: String { "messages are taken and do not arrive" }
    }

    /// One generation's share.
    private struct FollowedNotices: ReadModelNotices {
        let feed: AMQPNoticeFeed
        let readModel: String
        let generation: Generation

        func follow(_ observer: some NoticeObserver) async throws {
            let started = ContinuousClock.now
            let (number, events) = feed.followers.withLock { $0.add(readModel) }
            defer { feed.followers.withLock { $0.remove(number) } }
            let lastEcho = LastEcho()
            var isOpen = false
            for await event in events {
                switch event {
                case .echo(let time):
                    // One that was sent before is no witness for what came before it.
                    guard time >= started else { continue }
                    guard let before = lastEcho.time else {
                        lastEcho.time = time
                        continue
                    }
                    guard time - before <= AMQPNoticeFeed.patience else { throw SilentFeed() }
                    lastEcho.time = time
                    guard !isOpen else { continue }
                    // The second: a broker with an alarm still takes the first message of a connection.
                    isOpen = true
                    feed.followers.withLock { $0.opened(number) }
                    observer.opened { lastEcho.isRecent ? .following : .broken }
                case .told(let message):
                    if isOpen, message.generation == generation { observer.told(message.notices) }
                }
            }
            try Task.checkCancellation()
            throw SilentFeed()
        }
    }

    private struct SilentFeed: CategorizedError, CustomStringConvertible {
        var category: FailureCategory { .unavailable }
        var description: String { "changes may not have been told" }
    }

    /// When the last echo was sent that was passed on.
    private final class LastEcho: Sendable {
        private let last = Mutex<ContinuousClock.Instant?>(nil)

        var time: ContinuousClock.Instant? {
            get { last.withLock { $0 } }
            set { last.withLock { $0 = newValue } }
        }

        var isRecent: Bool { time.map { ContinuousClock.now - $0 <= AMQPNoticeFeed.patience } ?? false }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
public import CQRS

/// Tells the query services of a generation's changes through the exchange ``NoticeTopology/exchange``.
public final class AMQPChangeNotices: ChangeNotices {
    /// How long an alarm of the broker must have lasted until every query service has noticed it; much longer than
    /// ``AMQPNoticeFeed/patience``.
    private static let noticed = Duration.seconds(5)

    private let publisher: AMQPPublisher
    private let readModel: String
    private let generation: Generation

    /// Tells through a client that somebody else runs.
    ///
    /// - Parameters:
    ///   - publisher: the client; it declares ``NoticeTopology/topology``.
    ///   - readModel: the read model's permanent name.
    ///   - generation: whose documents change.
    public init(publisher: AMQPPublisher, readModel: String, generation: Generation) {
        self.publisher = publisher
        self.readModel = readModel
        self.generation = generation
    }

    /// Returns after the broker's confirm: then the notices are in the queue of everybody who follows.
    ///
    /// While the broker takes no messages, because it is short of memory or disk, nobody can be told. It goes on delivering
    /// events then, and these have to be taken from it, or it would stay short. So when an alarm has lasted for five seconds this
    /// returns all the same: by then each query service knows that it is told nothing (its own messages do not get through either),
    /// and will begin anew.
    ///
    /// - Throws: ``AMQPError``.
    public func tell(_ notices: [ChangeNotice]) async throws {
        if isKnownToBeBlocked { return }
        let errors = await publisher.publish(NoticeMessage.encode(notices, of: readModel, generation))
        let error = errors.lazy.compactMap { $0 }.first
        if let error, !isKnownToBeBlocked { throw error }
    }

    private var isKnownToBeBlocked: Bool {
        guard case .blocked(_, let since) = publisher.status else { return false }
        return ContinuousClock.now - since >= Self.noticed
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Essentials

/// The commands on engagement, from checked requests to answers.
struct EngagementCommands: Sendable {
    let handler: CommandHandler<EngagementDecider>

    /// Takes down what a user does with an anime. Whatever was before, it is not read.
    ///
    /// - Returns: the event alone: what it adds to is asked for by anime or user, and has no version.
    func carryOut(_ request: EngagementRequest, _ origin: CommandOrigin) async throws -> CommandAnswer {
        CommandAnswer(
            eventOf: try await handler.handle(
                request.command, on: .any(Engagement.stream(of: request.command.subject)),
                context: origin.context(at: .now(), request.fingerprint)))
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import ServiceKit

/// What the commands of every context are carried out with.
struct CommandParts: Sendable {
    let configuration: CommandAPIConfiguration
    let store: any EventStore
    /// Where states of long streams are put away.
    let snapshots: (any SnapshotStore)?
    /// The store's.
    let outbox: Outbox
    let problems: ProblemTranslator

    /// Carries out the commands on one kind of entity.
    func handler<D: Decider>(of decider: D.Type) -> CommandHandler<D> {
        CommandHandler(
            store: store, outbox: outbox, snapshots: snapshots, keyLifetime: configuration.idempotencyKeyLifetime)
    }

    /// Where the query API answers, for `Location`.
    var queryAPI: String { configuration.queryAPI }
}

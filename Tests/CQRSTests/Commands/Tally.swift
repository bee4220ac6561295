// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS

/// A context made for these tests: long streams that count, with snapshots.
enum TallyDecider: Decider {
    struct State: Sendable, Equatable, Codable {
        var total = 0
        var events = 0
    }

    enum Command: Sendable {
        case add([Int])
    }

    enum Rejection: Error {
        case claimed
    }

    static let initialState = State()
    static let schema = 7
    static let snapshots: SnapshotCodec<State>? = .json(schema: schema)

    static func decide(_ command: Command, _ state: State) throws(Rejection) -> [CountEvent] {
        switch command {
        case .add(let amounts): amounts.map { .added($0) }
        }
    }

    static func evolve(_ state: State, _ event: CountEvent) -> State {
        switch event {
        case .added(let amount): State(total: state.total + amount, events: state.events + 1)
        }
    }

    static func claims(of state: State) -> Set<Claim> { [] }

    static func rejection(taken claim: Claim) -> Rejection { .claimed }
}

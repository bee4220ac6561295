// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The rules of one kind of entity as pure functions: no I/O, no clock, no randomness.
///
/// Time, identifiers and whatever else a decision needs arrive inside the command, so that a decision repeats exactly.
public protocol Decider {
    /// What deciding needs to know of the past.
    associatedtype State: Sendable
    /// What may be asked for.
    associatedtype Command: Sendable
    /// What may happen.
    associatedtype Event: DomainEvent
    /// Why a command may be refused.
    associatedtype Rejection: Error

    /// The state before anything has happened.
    static var initialState: State { get }

    /// What follows from a command, or why it is refused.
    ///
    /// - Returns: the events, in order, at most ``Commit/limit``: all are recorded, or none. Empty when the command changes
    ///   nothing.
    static func decide(_ command: Command, _ state: State) throws(Rejection) -> [Event]

    /// The state after an event. Never fails.
    static func evolve(_ state: State, _ event: Event) -> State

    /// What an entity in this state has and no other may have at the same time. The write that records a command's events
    /// takes the claims that the state behind the last of them adds; those that it drops are free afterwards.
    static func claims(of state: State) -> Set<Claim>

    /// The refusal of a command that needs a claim which another entity holds.
    static func rejection(taken claim: Claim) -> Rejection

    /// How states are put away, so that deciding on a stream of any length reads some hundred events at most. None unless the
    /// decider says so: streams of some hundred events need none.
    static var snapshots: SnapshotCodec<State>? { get }
}

extension Decider {
    /// None.
    public static var snapshots: SnapshotCodec<State>? { nil }
}

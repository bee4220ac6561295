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

    /// The events that follow from a command, or why there are none.
    static func decide(_ command: Command, _ state: State) throws(Rejection) -> [Event]

    /// The state after an event. Never fails.
    static func evolve(_ state: State, _ event: Event) -> State
}

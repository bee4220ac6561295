// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Decides which requests are let in: the one place where that happens before any handler runs, for what a
/// ``HotRoute`` answers as for what the router does. `/live`, `/ready` and `/health` are always let in.
public struct Admission: Sendable {
    /// Refuses a request by throwing the problem to answer with.
    let check: @Sendable (ArrivingRequest) throws(ProblemDetails) -> Void

    /// - Parameter check: lets a request in, or throws what it is answered. Called for every request, on event loops too:
    ///   must not block or take long.
    public init(_ check: @escaping @Sendable (ArrivingRequest) throws(ProblemDetails) -> Void) { self.check = check }
}

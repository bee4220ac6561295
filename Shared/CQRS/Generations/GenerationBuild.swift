// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How far a new generation is.
public struct GenerationBuild: Sendable, Equatable, Codable {
    /// The generation being made.
    public let generation: Generation
    /// Whether events are sent to its queue, so that it can be fed.
    public var isBound = false
    /// The last stream of those that are all filled; `nil` at the beginning.
    public var filledThrough: String?
    /// Commits of these streams; `nil` as written by versions that did not count them.
    public var commits: Int? = 0
    /// Their events.
    public var events = 0
    /// Documents made of them.
    public var documents = 0
    /// Streams that an event which cannot be applied has stopped.
    public var stopped = 0
    /// Whether all streams are filled.
    public var isFilled = false

    /// Nothing yet.
    public init(_ generation: Generation) { self.generation = generation }
}

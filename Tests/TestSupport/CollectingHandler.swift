// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging

/// Hands each message with its metadata to a closure.
public struct CollectingHandler: LogHandler {
    private let take: @Sendable (String) -> Void
    /// What goes along with each message.
    public var metadata: Logger.Metadata = [:]
    /// Everything is taken.
    public var logLevel = Logger.Level.trace

    /// Calls this for each message.
    public init(_ take: @escaping @Sendable (String) -> Void) { self.take = take }

    /// One value of the metadata.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Hands a message over.
    public func log(event: LogEvent) { take("\(event.message) \(event.metadata ?? [:])") }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What one event adds beside its stream's document: of what grows with the stream, so that the document does not.
///
/// An entry follows from its event alone. So it never changes, it is written without a look, and written again it is the same.
public protocol ReadModelEntry: Codable, Sendable, Equatable {
    /// The version of the event that added it, at least 1: its place in the stream.
    var version: Int64 { get }
}

/// The entries of read models that have none.
extension Never: ReadModelEntry {
    /// There is none to ask.
    public var version: Int64 { switch self {} }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Foundation

/// How the states of a decider are put away as snapshots.
public struct SnapshotCodec<State: Sendable>: Sendable {
    /// Which form the states have. Snapshots of another form are not looked at: it changes with what a state says or means,
    /// also when the same events come to make another state.
    public let schema: Int
    package let encode: @Sendable (State) throws -> [UInt8]
    package let decode: @Sendable ([UInt8]) throws -> State

    /// Describes a form.
    ///
    /// - Parameters:
    ///   - schema: from 1.
    ///   - encode: throws when a state cannot be put away; then it is not.
    ///   - decode: throws when it cannot read what `encode` has written; then the events are read.
    public init(
        schema: Int, encode: @escaping @Sendable (State) throws -> [UInt8],
        decode: @escaping @Sendable ([UInt8]) throws -> State
    ) {
        self.schema = schema
        self.encode = encode
        self.decode = decode
    }
}

extension SnapshotCodec where State: Codable {
    /// The states as JSON.
    public static func json(schema: Int) -> SnapshotCodec {
        SnapshotCodec(schema: schema) {
            Array(try JSONEncoder().encode($0))
        } decode: {
            try JSONDecoder().decode(State.self, from: Data($0))
        }
    }
}

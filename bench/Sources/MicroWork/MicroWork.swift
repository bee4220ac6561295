// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A single function to be measured, by time or by instructions.
public struct MicroWork: Sendable {
    /// Carries it out so many times.
    public typealias Body = (Int) throws -> Void

    /// What it is called in results, for good.
    public let name: String
    /// Makes what it works on. What that starts goes on until the process ends.
    public let prepare: @Sendable () async throws -> Body

    init(_ name: String, _ prepare: @Sendable @escaping () async throws -> Body) {
        self.name = name
        self.prepare = prepare
    }

    /// In the order of the results.
    public static let all = bson + tables + json + decider + nearCache
}

/// Has a value made that nobody needs.
@_optimize(none) @inline(never)
func blackHole<Value>(_ value: Value) {}

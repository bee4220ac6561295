// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The fields of a type, whatever stands for its objects.
protocol ObjectBinding<Context>: Sendable {
    associatedtype Context: Sendable

    /// The type of Swift that stands for objects.
    var source: ObjectIdentifier { get }
    /// The type of Swift of the objects that a field gives; `nil` when nothing resolves it.
    func output(of field: String) -> ObjectIdentifier?
    /// Whether requests for a field under several aliases are to be resolved together.
    func isBatch(_ field: String) -> Bool
    /// Resolves a field that takes no time; `nil` for others.
    func resolveImmediately(_ field: String, _ arguments: Arguments, of objects: any ObjectList) -> Resolution?
    /// Resolves a field once for each of the arguments.
    func resolve(
        _ field: String, _ arguments: [Arguments], of objects: any ObjectList, _ context: Context
    ) async -> [Resolution]
}

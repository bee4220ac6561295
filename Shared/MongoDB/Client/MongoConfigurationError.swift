// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A setting that cannot be used.
public struct MongoConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The key, within the module's scope.
    public let key: String
    /// What is wrong with its value, without the value.
    public let problem: String

    init(key: String, problem: String) {
        self.key = key
        self.problem = problem
    }

    /// The key and the problem.
    public var description: String { "\(key): \(problem)" }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A setting with which the service cannot start.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// The environment variable, such as `HTTP_PORT`.
    public let name: String
    /// What is wrong and what is allowed. Holds the value only when it is no secret.
    public let problem: String

    /// Describes a bad setting.
    public init(name: String, problem: String) {
        self.name = name
        self.problem = problem
    }

    /// One line for the operator.
    public var description: String { "\(name) \(problem)" }
}

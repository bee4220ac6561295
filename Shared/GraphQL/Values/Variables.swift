// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The values of an operation's variables, of the types they were declared with; what was not given and has no default is missing.
struct Variables: Sendable {
    var values: [String: InputValue] = [:]
}

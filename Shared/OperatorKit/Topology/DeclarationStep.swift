// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a declaration did about one part of the topology.
struct DeclarationStep: Equatable {
    /// See ``DeclarationStep``.
    enum Outcome: Equatable {
        /// It was not there, or was not as described.
        case made
        /// It was there.
        case exists
        /// It is there now. AMQP does not say whether it was before.
        case bound
        /// It is not there, or not as described.
        case failed(String)
    }

    /// The part, such as `queue users.projection`.
    let part: String
    /// What was done.
    let outcome: Outcome

    /// Whether the part is not as described.
    var isFailure: Bool { if case .failed = outcome { true } else { false } }

    /// The line to print.
    var line: String {
        switch outcome {
        case .made: "made       \(part)"
        case .exists: "exists     \(part)"
        case .bound: "bound      \(part)"
        case .failed(let why): "FAILED     \(part): \(why)"
        }
    }
}

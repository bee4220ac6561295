// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a check found of one part of the topology.
struct TopologyFinding: Equatable {
    /// See ``TopologyFinding``.
    enum Verdict: Equatable {
        /// It is there, and as described.
        case fine
        /// It is not there.
        case missing
        /// It is there, but not as described.
        case different(String)
        /// It could not be compared, or not wholly.
        case unchecked(String)
    }

    /// The part, such as `queue users.projection`.
    let part: String
    /// What was found.
    let verdict: Verdict
    /// What an operator can do about it.
    var remedy: String?

    /// Whether the broker differs from the description.
    var isDifference: Bool {
        switch verdict {
        case .missing, .different: true
        case .fine, .unchecked: false
        }
    }

    /// The lines to print.
    var lines: [String] {
        let line =
            switch verdict {
            case .fine: "ok         \(part)"
            case .missing: "missing    \(part)"
            case .different(let how): "different  \(part): \(how)"
            case .unchecked(let why): "unchecked  \(part): \(why)"
            }
        return [line] + (remedy.map { ["           remedy: \($0)"] } ?? [])
    }
}

extension TopologyFinding {
    /// What to do about missing parts.
    static let declare = "consumer topology declare"
    /// What to do about policies.
    static let declarePolicies = "consumer topology declare --management URL"

    /// What to do about an exchange or queue that is not as described: the broker changes neither.
    static func replace(_ part: String) -> String {
        "it keeps its properties until it is deleted: let its messages run out, delete the \(part), then \(declare)"
    }
}

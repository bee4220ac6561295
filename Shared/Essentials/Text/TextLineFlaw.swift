// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Why a text is no ``TextLine``. Never says which text.
public enum TextLineFlaw: ExplainedFlaw, Sendable, Equatable {
    /// Nothing, or nothing that can be seen.
    case empty
    /// More than that many Unicode scalars.
    case tooLong(limit: Int)
    /// Control, direction, private or unassigned characters, or line breaks.
    case invisible

    /// What to tell the one who sent it.
    public var explanation: String {
        switch self {
        case .empty: "must have something that can be seen"
        case .tooLong(let limit): "must have at most \(limit) characters"
        case .invisible: "must not contain control, text direction, private-use or unassigned characters or line breaks"
        }
    }
}

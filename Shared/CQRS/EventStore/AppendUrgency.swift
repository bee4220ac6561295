// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Who goes first when more is to be appended than fits into one write, or more to be published than fits into one batch.
public enum AppendUrgency: Sendable {
    /// A command that somebody waits for.
    case single
    /// One of many that were sent together, such as a line of an import: it goes where there is room.
    case bulk
}

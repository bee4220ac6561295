// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What can be done about the generations of a read model.
enum GenerationAction: String, CaseIterable, Sendable {
    /// Make a new one and switch to it, or go on with what was begun.
    case rebuild
    /// Switch to the other complete one.
    case rollBack = "rollback"
    /// Remove the one that does not serve.
    case finish
    /// Remove the one that is being made.
    case cancel
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How log records look.
public enum LogFormat: String, CaseIterable, Sendable {
    /// One JSON object a line, for machines.
    case json
    /// One readable line, for people.
    case text
}

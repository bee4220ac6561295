// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Whether something a service depends on can be used now.
public enum Readiness: Sendable, Equatable {
    /// It can.
    case ready
    /// It cannot, for a reason that everybody may read: no driver's text, no address, no secret.
    case notReady(String)
}

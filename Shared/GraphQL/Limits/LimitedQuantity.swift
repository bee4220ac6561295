// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What ``DocumentLimits`` limits.
public enum LimitedQuantity: String, Sendable, CaseIterable {
    /// ``DocumentLimits/bytes``
    case bytes
    /// ``DocumentLimits/tokens``
    case tokens
    /// ``DocumentLimits/nesting``
    case nesting
    /// ``DocumentLimits/depth``
    case depth
    /// ``DocumentLimits/fields``
    case fields
    /// ``DocumentLimits/aliases``
    case aliases
    /// ``DocumentLimits/directives``
    case directives
    /// ``DocumentLimits/comparisons``
    case comparisons
}

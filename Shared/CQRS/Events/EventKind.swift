// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The kinds of events of one context, by their wire names: an enumeration with a case for each.
///
///     enum Kind: String, EventKind {
///         case placed = "orders.placed"
///         case paid = "orders.paid"
///     }
public protocol EventKind: RawRepresentable<String>, CaseIterable, Sendable {
    /// The version of the shape that is written today, from 1. A new one needs a step in ``DomainEvent/upcasts`` and a
    /// stored sample.
    var schema: Int { get }
}

extension EventKind {
    /// 1: the shape has never changed.
    public var schema: Int { 1 }
}

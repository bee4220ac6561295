// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A directive with its place.
struct DirectiveUse {
    let directive: Directive
    let location: DirectiveLocation
    let definition: DirectiveDefinition?
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A directive that documents and schemas may use.
struct DirectiveDefinition: Named {
    let name: String
    let description: String?
    let locations: [DirectiveLocation]
    let arguments: NamedList<InputValueDefinition>
    let isRepeatable: Bool
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A value of an enum.
struct EnumValueDefinition: Named {
    let name: String
    let description: String?
    let deprecationReason: String?
}

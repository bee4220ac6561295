// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A type as fields and inputs have it: a named one, or a list or non-null of one.
package indirect enum TypeReference: Sendable, Hashable {
    case named(String)
    case list(TypeReference)
    case nonNull(TypeReference)

    /// The name inside all lists and non-nulls.
    package var name: String {
        switch self {
        case .named(let name): name
        case .list(let type), .nonNull(let type): type.name
        }
    }

    var isNonNull: Bool { if case .nonNull = self { true } else { false } }

    /// The same type, with null.
    var nullable: TypeReference { if case .nonNull(let type) = self { type } else { self } }
}

extension TypeReference: CustomStringConvertible {
    /// The type as the language writes it.
    package var description: String {
        switch self {
        case .named(let name): name
        case .list(let type): "[\(type)]"
        case .nonNull(let type): "\(type)!"
        }
    }
}

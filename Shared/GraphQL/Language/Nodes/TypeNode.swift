// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A reference to a type as it stands in a document (section 2.11).
indirect enum TypeNode: Sendable {
    case named(Name)
    case list(TypeNode, offset: Int)
    case nonNull(TypeNode)

    var offset: Int {
        switch self {
        case .named(let name): name.offset
        case .list(_, let offset): offset
        case .nonNull(let type): type.offset
        }
    }

    /// The name inside all lists and non-nulls.
    var name: Name {
        switch self {
        case .named(let name): name
        case .list(let type, _), .nonNull(let type): type.name
        }
    }

    /// The same without places.
    var reference: TypeReference {
        switch self {
        case .named(let name): .named(name.text)
        case .list(let type, _): .list(type.reference)
        case .nonNull(let type): .nonNull(type.reference)
        }
    }
}

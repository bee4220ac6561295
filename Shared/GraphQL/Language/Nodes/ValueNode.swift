// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A value as it stands in a document (section 2.9).
struct ValueNode: Sendable {
    enum Kind: Sendable {
        case variable(String)
        /// With its digits, so that none is lost before somebody says which type it shall have.
        case int(String)
        case float(String)
        case string(String, isBlock: Bool)
        case boolean(Bool)
        case null
        case `enum`(String)
        case list([ValueNode])
        case object([ObjectField])
    }

    struct ObjectField: Sendable {
        let name: Name
        let value: ValueNode
    }

    let kind: Kind
    let offset: Int

    var isNull: Bool { if case .null = kind { true } else { false } }
}

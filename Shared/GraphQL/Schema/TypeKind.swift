// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The kinds of types, named as introspection names them (section 4.2).
package enum TypeKind: String, Sendable {
    case scalar = "SCALAR"
    case object = "OBJECT"
    case interface = "INTERFACE"
    case union = "UNION"
    case `enum` = "ENUM"
    case inputObject = "INPUT_OBJECT"
    case list = "LIST"
    case nonNull = "NON_NULL"

    /// Whether values of the kind have no fields.
    package var isLeaf: Bool { self == .scalar || self == .enum }
    /// Whether a selection set can follow.
    var isComposite: Bool { self == .object || self == .interface || self == .union }
    /// Whether the kind stands for one of several object types.
    var isAbstract: Bool { self == .interface || self == .union }
    /// Whether an argument or variable may have such a type.
    var isInput: Bool { isLeaf || self == .inputObject }
    /// Whether a field may have such a type.
    var isOutput: Bool { isLeaf || isComposite }
}

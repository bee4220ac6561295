// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A value with the type that is expected of it.
struct ValueUse {
    let value: ValueNode
    let type: TypeReference
}

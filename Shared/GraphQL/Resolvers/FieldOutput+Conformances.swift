// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials

extension Bool: FieldOutput {
    /// A leaf.
    public func shape(_ objects: inout [Never]) -> FieldShape { .leaf(.boolean(self)) }
}

extension Int: FieldOutput {
    /// A leaf.
    public func shape(_ objects: inout [Never]) -> FieldShape { .leaf(.int(self)) }
}

extension Double: FieldOutput {
    /// A leaf.
    public func shape(_ objects: inout [Never]) -> FieldShape { .leaf(.float(self)) }
}

extension String: FieldOutput {
    /// A leaf.
    public func shape(_ objects: inout [Never]) -> FieldShape { .leaf(.string(self)) }
}

extension ResponseValue: FieldOutput {
    /// A leaf, whatever it is: scalars of a schema's own may be lists and objects. Null is no value.
    public func shape(_ objects: inout [Never]) -> FieldShape {
        switch self {
        case .null, .json(.null): .null
        default: .leaf(self)
        }
    }
}

extension Optional: FieldOutput where Wrapped: FieldOutput {
    /// No value, or what is wrapped.
    public func shape(_ objects: inout [Wrapped.Object]) -> FieldShape { self?.shape(&objects) ?? .null }
}

extension Array: FieldOutput where Element: FieldOutput {
    /// A list.
    public func shape(_ objects: inout [Element.Object]) -> FieldShape { .list(map { $0.shape(&objects) }) }
}

extension Result: FieldOutput where Success: FieldOutput {
    /// An error, or what came of it.
    public func shape(_ objects: inout [Success.Object]) -> FieldShape {
        switch self {
        case .success(let value): value.shape(&objects)
        case .failure(let error): .failure(error)
        }
    }
}

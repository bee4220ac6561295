// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// CompleteValue (section 6.4.3) for the values of a field, its objects being complete.
struct ValueCompleter {
    let schema: Schema
    let source: SourceText
    let field: CollectedField
    /// The type that has the field.
    let type: TypeDefinition
    /// The objects that the field's resolver found; `nil` those of no type.
    let children: [Completion?]

    func complete(_ shape: FieldShape, as type: TypeReference) -> Completion {
        switch (type, shape) {
        case (.nonNull(let inner), _):
            let completion = complete(shape, as: inner)
            guard case .null? = completion.value else { return completion }
            return failure("The field \(self.type.name).\(field.definition.name) is null; its type is \(type).")
        case (_, .null):
            return Completion(value: .null)
        case (_, .failure(let error)):
            return failure(error)
        case (.list(let item), .list(let shapes)):
            return list(shapes, of: item)
        case (.named(let name), .leaf(let value)):
            return leaf(value, of: name)
        case (.named, .object(let index)):
            return children[index] ?? failure("An object is of none of the types of \(type).")
        default:
            return failure("The field \(self.type.name).\(field.definition.name) is not of its type \(type).")
        }
    }

    private func list(_ shapes: [FieldShape], of item: TypeReference) -> Completion {
        var values: [ResponseValue] = []
        values.reserveCapacity(shapes.count)
        var errors: [GraphQLError] = []
        for (index, shape) in shapes.enumerated() {
            var completion = complete(shape, as: item)
            if !completion.errors.isEmpty || completion.value == nil {
                completion = completion.placed(at: .index(index), as: item)
                errors += completion.errors
            }
            guard let value = completion.value else { return Completion(errors: errors) }
            values.append(value)
        }
        return Completion(value: .list(values), errors: errors)
    }

    private func leaf(_ value: ResponseValue, of name: String) -> Completion {
        guard let type = schema.types[name] else { return failure("There is no type \(name).") }
        if type.kind.isComposite {
            return failure("The field \(self.type.name).\(field.definition.name) has a value that is no object.")
        }
        if type.kind == .enum {
            if case .string(let text) = value, type.values[text] != nil { return Completion(value: value) }
        } else if let value = schema.coding(name).write(value) {
            return Completion(value: value)
        }
        return failure("The field \(self.type.name).\(field.definition.name) has a value that is not of type \(name).")
    }

    private func failure(_ error: any Error) -> Completion {
        let message = (error as? FieldFailure)?.message ?? "The field could not be resolved."
        return failure(message, cause: error)
    }

    private func failure(_ message: String, cause: (any Error)? = nil) -> Completion {
        // A field that is selected many times over in one place would make each of its errors long.
        var error = GraphQLError(.field, message, at: field.fields.prefix(20).map(\.offset), in: source)
        error.cause = cause
        return Completion(errors: [error])
    }
}

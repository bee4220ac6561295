// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Whether everything that can be asked for is resolved, by types of Swift that fit each other.
struct ResolverCheck<Context: Sendable> {
    let schema: Schema
    let resolvers: Resolvers<Context>

    var problems: [String] {
        let types = schema.types.elements.flatMap { type -> [String] in
            switch type.kind {
            case .object: type === schema.root(.subscription) ? [] : problems(ofObject: type)
            case .interface, .union: problems(ofAbstract: type)
            case .scalar, .enum, .inputObject, .list, .nonNull: []
            }
        }
        return types + roots
    }

    private var roots: [String] {
        [OperationKind.query, .mutation].compactMap { kind in
            guard let name = schema.root(kind)?.name, let binding = resolvers.objects[name] else { return nil }
            return binding.source == ObjectIdentifier(RootObject.self) ? nil : "\(name): its object is the RootObject."
        }
    }

    private func problems(ofObject type: TypeDefinition) -> [String] {
        guard let binding = resolvers.objects[type.name] else { return ["\(type.name): nothing resolves its fields."] }
        return type.fields.elements.compactMap { field in
            guard let output = binding.output(of: field.name) else {
                return "\(type.name).\(field.name): nothing resolves it."
            }
            return output == source(of: field.type.name)
                ? nil : "\(type.name).\(field.name): its resolver gives objects of another type of Swift."
        }
    }

    private func problems(ofAbstract type: TypeDefinition) -> [String] {
        // An interface that no field gives needs nobody who tells its objects apart.
        let isGiven = schema.types.elements.contains { $0.fields.elements.contains { $0.type.name == type.name } }
        guard isGiven else { return [] }
        guard let binding = resolvers.abstracts[type.name] else {
            return ["\(type.name): nothing tells its types apart."]
        }
        let possible = schema.possibleTypes(type.name)
        return binding.types.compactMap { found in
            guard possible.contains(found.name) else { return "\(type.name): \(found.name) is none of its types." }
            return resolvers.objects[found.name]?.source == found.source
                ? nil : "\(type.name): \(found.name) is another type of Swift."
        }
    }

    /// The type of Swift that stands for objects of a type.
    private func source(of name: String) -> ObjectIdentifier? {
        guard let type = schema.types[name], type.kind.isComposite else { return ObjectIdentifier(Never.self) }
        return type.kind.isAbstract ? resolvers.abstracts[name]?.source : resolvers.objects[name]?.source
    }
}

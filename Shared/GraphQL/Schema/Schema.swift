// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A type system: what can be asked for (section 3).
public final class Schema: Sendable {
    let schemaDescription: String?
    /// All types, built-in ones last.
    package let types: NamedList<TypeDefinition>
    /// All directives, built-in ones last.
    let directives: NamedList<DirectiveDefinition>
    private let roots: [OperationKind: TypeDefinition]
    private let possible: [String: Set<String>]
    private let codings: [String: ScalarCoding]

    init(
        description: String?, types: NamedList<TypeDefinition>, directives: NamedList<DirectiveDefinition>,
        roots: [OperationKind: TypeDefinition], scalars: [String: ScalarCoding]
    ) {
        schemaDescription = description
        self.types = types
        self.directives = directives
        self.roots = roots
        codings = scalars.merging(ScalarCoding.specified) { own, _ in own }
        var possible: [String: Set<String>] = [:]
        for type in types.elements {
            switch type.kind {
            case .object:
                possible[type.name] = [type.name]
                for interface in type.interfaces { possible[interface, default: []].insert(type.name) }
            case .union:
                possible[type.name] = Set(type.members)
            default:
                break
            }
        }
        self.possible = possible
    }

    /// Reads a schema in the schema definition language, and checks it.
    ///
    /// - Parameters:
    ///   - text: definitions and extensions; trusted, so without limits but that of nesting.
    ///   - scalars: how values of scalars of the schema's own are read and written, by name. One that is missing takes every value.
    /// - Throws: all that is wrong with it.
    public convenience init(_ text: String, scalars: [String: ScalarCoding] = [:]) throws(SchemaError) {
        let parts = try SchemaBuilder.build(text)
        self.init(
            description: parts.description, types: parts.types, directives: parts.directives, roots: parts.roots,
            scalars: scalars)
        let problems = SchemaCheck.problems(of: self) + parts.problems(in: self)
        guard problems.isEmpty else { throw SchemaError(problems: problems) }
    }

    /// The type of which operations of a kind select fields.
    package func root(_ operation: OperationKind) -> TypeDefinition? { roots[operation] }

    package func type(_ reference: TypeReference) -> TypeDefinition? { types[reference.name] }

    func coding(_ scalar: String) -> ScalarCoding { codings[scalar] ?? .any }

    /// The object types whose objects may stand where a composite type is asked for.
    package func possibleTypes(_ name: String) -> Set<String> { possible[name] ?? [] }

    /// Whether objects can be of both types.
    func overlap(_ a: TypeDefinition, _ b: TypeDefinition) -> Bool {
        a.name == b.name || !possibleTypes(a.name).isDisjoint(with: possibleTypes(b.name))
    }

    /// A field of a composite type, with the meta-fields that introspection adds (section 4.1).
    func field(_ name: String, of type: TypeDefinition) -> FieldDefinition? {
        if name.utf8.starts(with: "__".utf8) {
            if name == MetaField.typename.name { return type.kind.isComposite ? MetaField.typename : nil }
            guard type === roots[.query] else { return nil }
            return name == MetaField.schema.name ? MetaField.schema : name == MetaField.type.name ? MetaField.type : nil
        }
        return type.fields[name]
    }

    /// Whether every value of `type` is one of `other` (IsSubType and AreTypesCompatible, sections 3.1.2 and 5.8.5).
    func isSubtype(_ type: TypeReference, of other: TypeReference) -> Bool {
        switch (type, other) {
        case (.nonNull(let type), .nonNull(let other)): return isSubtype(type, of: other)
        case (.nonNull(let type), _): return isSubtype(type, of: other)
        case (.list(let type), .list(let other)): return isSubtype(type, of: other)
        case (.named(let name), .named(let other)):
            guard name != other else { return true }
            guard let type = types[name], let abstract = types[other], abstract.kind.isAbstract else { return false }
            return type.interfaces.contains(other) || possibleTypes(other).contains(name)
        default: return false
        }
    }
}

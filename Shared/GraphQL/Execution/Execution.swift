// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Executes an operation (section 6).
///
/// Fields are resolved in breadth: a field of all objects that a list has at once, and then what is selected of all that it found.
/// So a resolver can look many up together, selections are collected once for a list, and a field's values lie in one array. The
/// answer, its errors and their order are those of resolving one object after the other.
struct Execution<Context: Sendable>: Sendable {
    let resolvers: Resolvers<Context>
    let source: SourceText
    let collector: FieldCollector
    let context: Context
    let budget: ValueBudget

    private var schema: Schema { collector.schema }

    func response(to operation: OperationDefinition, of type: TypeDefinition) async -> Response {
        let root = await complete(
            Objects(elements: [RootObject()]), as: type, selecting: [operation.selectionSet],
            oneByOne: operation.kind == .mutation)
        return Response(data: root[0].value, errors: root[0].errors)
    }

    // MARK: Objects

    /// What the sets select of each of some objects of an interface or union; `nil` for those of which nobody knows the type.
    private func complete(
        _ objects: any ObjectList, asAbstract type: TypeDefinition, selecting sets: [SelectionSet]
    ) async -> [Completion?] {
        var completions = [Completion?](repeating: nil, count: objects.count)
        let parts = resolvers.abstracts[type.name]?.split(objects) ?? []
        let found = await concurrently(parts.map { ($0.type, $0.objects) }, width: parts.count) { name, objects in
            guard let type = schema.types[name] else { return [Completion]() }
            return await complete(objects, as: type, selecting: sets, oneByOne: false)
        }
        for (part, found) in zip(parts, found) {
            for (index, completion) in zip(part.indexes, found) { completions[index] = completion }
        }
        return completions
    }

    /// What the sets select of each of some objects of an object type (ExecuteSelectionSet, section 6.3).
    private func complete(
        _ objects: any ObjectList, as type: TypeDefinition, selecting sets: [SelectionSet], oneByOne: Bool
    ) async -> [Completion] {
        guard objects.count > 0 else { return [] }
        let fields: [CollectedField]
        do throws(GraphQLError) {
            fields = try collector.collect(sets, of: type)
        } catch {
            return Array(repeating: Completion(errors: [error]), count: objects.count)
        }
        // What comes of the rest is not told any more.
        guard budget.spend(objects.count * fields.count) else {
            return Array(repeating: Completion(), count: objects.count)
        }
        let columns = await columns(fields, of: objects, type, oneByOne: oneByOne)
        let names = fields.map(\.name)
        return (0..<objects.count).map { index in
            var values: [ResponseValue] = []
            values.reserveCapacity(fields.count)
            var errors: [GraphQLError] = []
            for column in columns {
                if !column[index].errors.isEmpty { errors += column[index].errors }
                guard let value = column[index].value else { return Completion(errors: errors) }
                values.append(value)
            }
            return Completion(value: .object(ResponseObject(names: names, values: values)), errors: errors)
        }
    }

    // MARK: Fields

    /// For each field its value for each object.
    private func columns(
        _ fields: [CollectedField], of objects: any ObjectList, _ type: TypeDefinition, oneByOne: Bool
    ) async -> [[Completion]] {
        var columns = [[Completion]?](repeating: nil, count: fields.count)
        /// The fields that take time, those that are looked up together together.
        var groups: [[Int]] = []
        var batches: [String: Int] = [:]
        for (index, field) in fields.enumerated() {
            if let column = immediateColumn(field, of: objects, type) {
                columns[index] = column
            } else if !oneByOne, resolvers.objects[type.name]?.isBatch(field.definition.name) == true {
                if let group = batches[field.definition.name] {
                    groups[group].append(index)
                } else {
                    batches[field.definition.name] = groups.count
                    groups.append([index])
                }
            } else {
                groups.append([index])
            }
        }
        let found = await concurrently(groups, width: oneByOne ? 1 : groups.count) { group in
            await deferredColumns(group.map { fields[$0] }, of: objects, type)
        }
        for (group, found) in zip(groups, found) {
            for (index, column) in zip(group, found) { columns[index] = column }
        }
        return columns.map { $0 ?? [] }
    }

    /// A field of leaves that takes no time; `nil` for others.
    private func immediateColumn(
        _ field: CollectedField, of objects: any ObjectList, _ type: TypeDefinition
    ) -> [Completion]? {
        guard schema.type(field.definition.type)?.kind.isLeaf == true else { return nil }
        if field.definition.name == MetaField.typename.name {
            return Array(repeating: Completion(value: .string(type.name)), count: objects.count)
        }
        guard let binding = resolvers.objects[type.name] else { return nil }
        do throws(GraphQLError) {
            let arguments = try arguments(of: field)
            guard let found = binding.resolveImmediately(field.definition.name, arguments, of: objects) else {
                return nil
            }
            return column(field, of: type, found, [])
        } catch {
            return failed(field, error, count: objects.count)
        }
    }

    /// Fields of one name, under different aliases or alone.
    private func deferredColumns(
        _ fields: [CollectedField], of objects: any ObjectList, _ type: TypeDefinition
    ) async -> [[Completion]] {
        var columns = [[Completion]?](repeating: nil, count: fields.count)
        var indexes: [Int] = []
        var arguments: [Arguments] = []
        for (index, field) in fields.enumerated() {
            do throws(GraphQLError) {
                arguments.append(try self.arguments(of: field))
                indexes.append(index)
            } catch {
                columns[index] = failed(field, error, count: objects.count)
            }
        }
        let resolutions = await resolve(fields[0].definition, arguments, of: objects, type)
        let found = await concurrently(Array(zip(indexes, resolutions)), width: resolutions.count) {
            index, resolution in
            let field = fields[index]
            var children: [Completion?] = []
            if let type = schema.type(field.definition.type), type.kind.isComposite {
                children =
                    type.kind.isAbstract
                    ? await complete(resolution.objects, asAbstract: type, selecting: field.selectionSets)
                    : await complete(
                        resolution.objects, as: type, selecting: field.selectionSets, oneByOne: false)
            }
            return column(field, of: type, resolution, children)
        }
        for (index, column) in zip(indexes, found) { columns[index] = column }
        return columns.map { $0 ?? [] }
    }

    private func resolve(
        _ definition: FieldDefinition, _ arguments: [Arguments], of objects: any ObjectList, _ type: TypeDefinition
    ) async -> [Resolution] {
        switch definition.name {
        case MetaField.schema.name:
            return arguments.map { _ in Resolution([Introspected(value: SchemaRoot(), schema: schema)]) }
        case MetaField.type.name:
            return arguments.map { Resolution([IntrospectedType($0.string("name") ?? "", in: schema)]) }
        case let name:
            return await resolvers.objects[type.name]?.resolve(name, arguments, of: objects, context) ?? []
        }
    }

    private func arguments(of field: CollectedField) throws(GraphQLError) -> Arguments {
        let coercion = ArgumentCoercion(schema: schema, variables: collector.variables, source: source)
        return try coercion.coerce(
            field.fields[0].arguments, at: field.fields[0].offset, to: field.definition.arguments)
    }

    private func failed(_ field: CollectedField, _ error: GraphQLError, count: Int) -> [Completion] {
        let completion = Completion(errors: [error]).placed(at: .name(field.name), as: field.definition.type)
        return Array(repeating: completion, count: count)
    }

    private func column(
        _ field: CollectedField, of type: TypeDefinition, _ resolution: Resolution, _ children: [Completion?]
    ) -> [Completion] {
        let completer = ValueCompleter(schema: schema, source: source, field: field, type: type, children: children)
        return resolution.shapes.map { shape in
            completer.complete(shape, as: field.definition.type)
                .placed(at: .name(field.name), as: field.definition.type)
        }
    }
}

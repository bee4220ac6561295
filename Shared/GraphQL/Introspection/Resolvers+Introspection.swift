// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Section 4: a schema answers for itself as it does for everything else.
extension Resolvers {
    mutating func addIntrospection() {
        addSchema()
        addType()
        addFieldAndInputs()
        object("__EnumValue", of: Introspected<EnumValueDefinition>.self) { value in
            value.property("name") { $0.value.name }
            value.property("description") { $0.value.description }
            value.property("isDeprecated") { $0.value.deprecationReason != nil }
            value.property("deprecationReason") { $0.value.deprecationReason }
        }
        object("__Directive", of: Introspected<DirectiveDefinition>.self) { directive in
            directive.property("name") { $0.value.name }
            directive.property("description") { $0.value.description }
            directive.property("isRepeatable") { $0.value.isRepeatable }
            directive.property("locations") { $0.value.locations.map(\.rawValue) }
            directive.property("args") { directive, arguments in
                directive.value.arguments.introspected(in: directive.schema) {
                    arguments.includes($0.deprecationReason)
                }
            }
        }
    }

    private mutating func addSchema() {
        object("__Schema", of: Introspected<SchemaRoot>.self) { root in
            root.property("description") { $0.schema.schemaDescription }
            root.property("types") { root in
                root.schema.types.elements.map { IntrospectedType(.named($0.name), in: root.schema) }
            }
            for kind in OperationKind.allCases {
                root.property("\(kind.rawValue)Type") { root in
                    root.schema.root(kind).map { IntrospectedType(.named($0.name), in: root.schema) }
                }
            }
            root.property("directives") { $0.schema.directives.introspected(in: $0.schema) }
        }
    }

    private mutating func addType() {
        object("__Type", of: IntrospectedType.self) { type in
            type.property("kind") { $0.kind.rawValue }
            type.property("name") { $0.definition?.name }
            type.property("description") { $0.definition?.description }
            type.property("specifiedByURL") { $0.definition?.specifiedByURL }
            type.property("fields") { type, arguments -> [Introspected<FieldDefinition>]? in
                guard type.kind == .object || type.kind == .interface else { return nil }
                return type.definition?.fields.introspected(in: type.schema) {
                    arguments.includes($0.deprecationReason)
                }
            }
            type.property("interfaces") { type -> [IntrospectedType]? in
                guard type.kind == .object || type.kind == .interface else { return nil }
                return type.definition?.interfaces.compactMap { IntrospectedType($0, in: type.schema) }
            }
            type.property("possibleTypes") { $0.possibleTypes }
            type.property("enumValues") { type, arguments -> [Introspected<EnumValueDefinition>]? in
                guard type.kind == .enum else { return nil }
                return type.definition?.values.introspected(in: type.schema) {
                    arguments.includes($0.deprecationReason)
                }
            }
            type.property("inputFields") { type, arguments -> [Introspected<InputValueDefinition>]? in
                guard type.kind == .inputObject else { return nil }
                return type.definition?.inputs.introspected(in: type.schema) {
                    arguments.includes($0.deprecationReason)
                }
            }
            type.property("ofType") { $0.inner }
            type.property("isOneOf") { $0.kind == .inputObject ? $0.definition?.isOneOf : nil }
        }
    }

    private mutating func addFieldAndInputs() {
        object("__Field", of: Introspected<FieldDefinition>.self) { field in
            field.property("name") { $0.value.name }
            field.property("description") { $0.value.description }
            field.property("args") { field, arguments in
                field.value.arguments.introspected(in: field.schema) { arguments.includes($0.deprecationReason) }
            }
            field.property("type") { IntrospectedType($0.value.type, in: $0.schema) }
            field.property("isDeprecated") { $0.value.deprecationReason != nil }
            field.property("deprecationReason") { $0.value.deprecationReason }
        }
        object("__InputValue", of: Introspected<InputValueDefinition>.self) { input in
            input.property("name") { $0.value.name }
            input.property("description") { $0.value.description }
            input.property("type") { IntrospectedType($0.value.type, in: $0.schema) }
            input.property("defaultValue") { $0.value.defaultValue.map(ValuePrinter.print) }
            input.property("isDeprecated") { $0.value.deprecationReason != nil }
            input.property("deprecationReason") { $0.value.deprecationReason }
        }
    }
}

extension Arguments {
    /// Whether `includeDeprecated` lets a part of the schema through.
    fileprivate func includes(_ deprecationReason: String?) -> Bool {
        deprecationReason == nil || boolean("includeDeprecated") == true
    }
}

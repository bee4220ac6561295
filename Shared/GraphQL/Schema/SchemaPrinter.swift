// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Writes a schema in the schema definition language, without what every schema has.
struct SchemaPrinter {
    private let schema: Schema
    private var blocks: [String] = []

    static func print(_ schema: Schema) -> String {
        var printer = SchemaPrinter(schema: schema)
        printer.printRoots()
        for directive in schema.directives.elements where !Self.builtInDirectives.contains(directive.name) {
            printer.print(directive)
        }
        for type in schema.types.elements
        where ScalarCoding.specified[type.name] == nil && !type.name.hasPrefix("__") {
            printer.print(type)
        }
        return printer.blocks.joined(separator: "\n\n") + "\n"
    }

    private static let builtInDirectives: Set<String> = ["skip", "include", "deprecated", "specifiedBy", "oneOf"]

    private init(schema: Schema) { self.schema = schema }

    /// The schema definition says what the usual names of root types do not.
    private mutating func printRoots() {
        let roots = OperationKind.allCases.compactMap { kind in schema.root(kind).map { (kind, $0.name) } }
        let hasUsualNames = roots.allSatisfy { $1 == $0.rawValue.capitalizedASCII }
        guard schema.schemaDescription != nil || !hasUsualNames else { return }
        let lines = roots.map { "  \($0.rawValue): \($1)" }
        blocks.append(Self.description(schema.schemaDescription) + Self.block("schema", lines))
    }

    private mutating func print(_ directive: DirectiveDefinition) {
        blocks.append(
            Self.description(directive.description) + "directive @\(directive.name)"
                + Self.arguments(directive.arguments) + (directive.isRepeatable ? " repeatable" : "") + " on "
                + directive.locations.map(\.rawValue).joined(separator: " | "))
    }

    private mutating func print(_ type: TypeDefinition) {
        let interfaces = type.interfaces.isEmpty ? "" : " implements " + type.interfaces.joined(separator: " & ")
        let text =
            switch type.kind {
            case .scalar:
                "scalar \(type.name)"
                    + (type.specifiedByURL.map { " @specifiedBy(url: \(ValuePrinter.quoted($0)))" } ?? "")
            case .object: Self.block("type \(type.name)\(interfaces)", type.fields.elements.flatMap(Self.lines))
            case .interface: Self.block("interface \(type.name)\(interfaces)", type.fields.elements.flatMap(Self.lines))
            case .union: "union \(type.name) = " + type.members.joined(separator: " | ")
            case .enum: Self.block("enum \(type.name)", type.values.elements.flatMap(Self.lines))
            case .inputObject:
                Self.block(
                    "input \(type.name)" + (type.isOneOf ? " @oneOf" : ""), type.inputs.elements.flatMap(Self.lines))
            case .list, .nonNull: ""
            }
        blocks.append(Self.description(type.description) + text)
    }

    private static func block(_ head: String, _ lines: [String]) -> String {
        head + " {\n" + lines.joined(separator: "\n") + "\n}"
    }

    private static func lines(_ field: FieldDefinition) -> [String] {
        lines(
            field.description,
            "\(field.name)\(arguments(field.arguments)): \(field.type)\(deprecation(field.deprecationReason))")
    }

    private static func lines(_ value: EnumValueDefinition) -> [String] {
        lines(value.description, value.name + deprecation(value.deprecationReason))
    }

    private static func lines(_ input: InputValueDefinition) -> [String] { lines(input.description, text(input)) }

    private static func lines(_ description: String?, _ text: String) -> [String] {
        (description.map { [ValuePrinter.quoted($0)] } ?? []).map { "  " + $0 } + ["  " + text]
    }

    private static func text(_ input: InputValueDefinition) -> String {
        "\(input.name): \(input.type)" + (input.defaultValue.map { " = " + ValuePrinter.print($0) } ?? "")
            + deprecation(input.deprecationReason)
    }

    private static func arguments(_ arguments: NamedList<InputValueDefinition>) -> String {
        guard !arguments.isEmpty else { return "" }
        let texts = arguments.elements.map { argument in
            (argument.description.map { ValuePrinter.quoted($0) + " " } ?? "") + text(argument)
        }
        return "(\(texts.joined(separator: ", ")))"
    }

    private static func deprecation(_ reason: String?) -> String {
        reason.map { " @deprecated(reason: \(ValuePrinter.quoted($0)))" } ?? ""
    }

    private static func description(_ text: String?) -> String { text.map { ValuePrinter.quoted($0) + "\n" } ?? "" }
}

extension String {
    /// `query` as `Query`.
    fileprivate var capitalizedASCII: String { prefix(1).uppercased() + dropFirst() }
}

extension Schema: CustomStringConvertible {
    /// The schema in the schema definition language, without what every schema has.
    public var description: String { SchemaPrinter.print(self) }
}

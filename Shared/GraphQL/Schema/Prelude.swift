// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What every schema has (sections 3.5, 3.13 and 4.2).
enum Prelude {
    static let text = #"""
        "A whole number of 32 bits, with sign."
        scalar Int
        "A finite number of double precision (IEEE 754)."
        scalar Float
        "Text: Unicode scalar values."
        scalar String
        "`true` or `false`."
        scalar Boolean
        "An identifier: a string in answers; strings and whole numbers are accepted."
        scalar ID

        "Leaves the field or fragment out if the condition is true."
        directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
        "Leaves the field or fragment out unless the condition is true."
        directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
        "Not to be used any more."
        directive @deprecated("Why, and what to use instead, in CommonMark." reason: String! = "No longer supported")
            on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
        "Where a scalar is specified."
        directive @specifiedBy(url: String!) on SCALAR
        "An input object of which exactly one field is given, and not null."
        directive @oneOf on INPUT_OBJECT

        "What can be asked for, and how."
        type __Schema {
            description: String
            types: [__Type!]!
            queryType: __Type!
            mutationType: __Type
            subscriptionType: __Type
            directives: [__Directive!]!
        }

        "A type: named, or a list or non-null of another."
        type __Type {
            kind: __TypeKind!
            name: String
            description: String
            specifiedByURL: String
            fields(includeDeprecated: Boolean! = false): [__Field!]
            interfaces: [__Type!]
            possibleTypes: [__Type!]
            enumValues(includeDeprecated: Boolean! = false): [__EnumValue!]
            inputFields(includeDeprecated: Boolean! = false): [__InputValue!]
            ofType: __Type
            isOneOf: Boolean
        }

        "The kinds of types."
        enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }

        "A field of an object or interface."
        type __Field {
            name: String!
            description: String
            args(includeDeprecated: Boolean! = false): [__InputValue!]!
            type: __Type!
            isDeprecated: Boolean!
            deprecationReason: String
        }

        "An argument, or a field of an input object."
        type __InputValue {
            name: String!
            description: String
            type: __Type!
            "The default as the language writes it."
            defaultValue: String
            isDeprecated: Boolean!
            deprecationReason: String
        }

        "A value of an enum."
        type __EnumValue {
            name: String!
            description: String
            isDeprecated: Boolean!
            deprecationReason: String
        }

        "A directive."
        type __Directive {
            name: String!
            description: String
            isRepeatable: Boolean!
            locations: [__DirectiveLocation!]!
            args(includeDeprecated: Boolean! = false): [__InputValue!]!
        }

        "Where a directive may stand."
        enum __DirectiveLocation {
            QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT VARIABLE_DEFINITION
            SCHEMA SCALAR OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT
            INPUT_FIELD_DEFINITION
        }
        """#
}

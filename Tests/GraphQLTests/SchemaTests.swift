// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import GraphQL

@Suite("Reading schemas")
struct SchemaTests {
    private func problems(_ text: String) -> [String] {
        do throws(SchemaError) {
            _ = try Schema(text)
        } catch {
            return error.problems
        }
        return []
    }

    @Test(
        "What section 3 does not allow is refused, with its name",
        arguments: [
            ("type A { a: Int }", "There is no type for queries."),
            ("type Query { a: Nothing }", "Query.a: there is no type Nothing."),
            ("type Query { a: I } input I { b: Int }", "Query.a: I is for input only."),
            ("type Query { a(b: Query): Int }", "Query.a.b: Query is no input type."),
            ("type Query { a: Int a: Int }", "Query.a: defined twice."),
            ("type Query { a: Int } type Query { b: Int }", "Query: defined twice."),
            ("type Query { __a: Int }", "Query.__a: two underscores are introspection's."),
            ("type Query", "Query: has no fields."),
            ("type Query { a: E } enum E", "E: has no values."),
            ("type Query { a: U } union U = I | Query interface I { a: U }", "U: I is no object type."),
            ("type Query implements I { a: Int } interface I { a: Int! }", "Query: a is not of the type of I.a."),
            ("type Query implements I { a: Int } interface I { b: Int }", "Query: lacks I.b."),
            (
                "type Query implements I { a(b: Int!): Int } interface I { a: Int }",
                "Query: a requires b, which I.a lacks."
            ),
            (
                "type Query implements I { a(b: Int): Int } interface I { a(b: ID): Int }",
                "Query: a lacks the argument b of I.a."
            ),
            (
                "type Query implements J { a: Int } interface I { a: Int } interface J implements I { a: Int }",
                "Query: implements J, so it has to name I, too."
            ),
            ("type Query { a(i: I): Int } input I { i: I! }", "I: requires a value of its own type."),
            ("type Query { a(i: I): Int } input I { i: I = {} }", "I.i: the default refers to itself."),
            ("type Query { a(i: Int = \"x\"): Int }", "Query.a.i: This is no value of type Int."),
            ("type Query { a(i: Int! @deprecated): Int }", "Query.a.i: required, yet deprecated."),
            (
                "type Query { a(i: I): Int } input I @oneOf { a: Int! }",
                "I.a: of one-of input objects no field is non-null or has a default."
            ),
            ("type Query { a: Int @nothing }", "@nothing: there is no such directive."),
            ("type Query @skip(if: true) { a: Int }", "@skip: not at OBJECT."),
            ("type Query { a: Int @deprecated @deprecated }", "@deprecated: applied twice."),
            ("type Query { a: Int @deprecated(why: 1) }", "@deprecated: has no argument why."),
            ("type Query { a: S } scalar S @specifiedBy", "@specifiedBy: lacks url."),
            ("type Query { a: Int } extend type B { b: Int }", "B: extended, but not defined."),
            ("type Query { a: Int } extend enum Query { B }", "Query: extended as another kind."),
            ("schema { query: Q query: Q } type Q { a: Int }", "query: has two types."),
            ("schema { query: Q, mutation: Q } type Q { a: Int }", "Two kinds of operations have one type."),
            ("type Query { a: Int } { a }", "A schema has no operations or fragments."),
            ("type Query { a: }", "Syntax error: Expected a name, found \"}\". (line 1, column 17)"),
        ])
    func refuses(_ text: String, _ problem: String) {
        #expect(problems(text).contains(problem))
    }

    @Test("A schema is written so that it reads as the same")
    func prints() throws {
        let text = """
            "What it is."
            schema {
              query: Root
            }

            directive @tag(name: String! = "a") repeatable on FIELD | OBJECT

            type Root implements Node {
              "The \\"id\\"."
              id: ID!
              find(filter: Filter = { name: "x", tags: [A, B] }, old: Int @deprecated(reason: "Gone.")): [Result!]
            }

            interface Node {
              id: ID!
            }

            union Result = Root

            enum Tag {
              A
              B @deprecated(reason: "No longer supported")
            }

            input Filter {
              name: String
              tags: [Tag!] = [A]
            }

            input Choice @oneOf {
              a: Int
              b: Time
            }

            scalar Time @specifiedBy(url: "https://example.org/time")

            """
        #expect(try Schema(text).description == text)
        #expect(try Schema(Schema(text).description).description == text)
    }

    @Test("Extensions add to what they extend")
    func extends() throws {
        let schema = try Schema(
            """
            type Query { a: E u: U }
            enum E { A }
            union U = Query
            extend type Query implements I { b: Int }
            interface I { b: Int }
            extend enum E { B }
            extend union U = T
            type T { i(i: In): Int }
            input In { x: Int }
            extend input In { y: Int = 1 }
            """)
        #expect(schema.types["Query"]?.fields.elements.map(\.name) == ["a", "u", "b"])
        #expect(schema.types["E"]?.values.elements.map(\.name) == ["A", "B"])
        #expect(schema.possibleTypes("U") == ["Query", "T"])
        #expect(schema.possibleTypes("I") == ["Query"])
        #expect(schema.types["In"]?.inputs.elements.map(\.name) == ["x", "y"])
    }

    @Test("A schema that is not resolved in whole is refused")
    func checksResolvers() throws {
        let schema = try Schema("type Query { a: Int b: T c: U } type T { a: Int } union U = T")
        var resolvers = Resolvers<Void>()
        resolvers.object("Query", of: RootObject.self) { query in
            query.property("a") { _ in 1 }
            query.property("b") { _ in "no object" }
        }
        do throws(SchemaError) {
            _ = try ExecutableSchema(schema, resolvers)
            Issue.record("It has been taken")
        } catch {
            #expect(
                error.problems == [
                    "Query.b: its resolver gives objects of another type of Swift.", "Query.c: nothing resolves it.",
                    "T: nothing resolves its fields.", "U: nothing tells its types apart.",
                ])
        }
    }
}

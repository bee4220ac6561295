// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import GraphQL
import Testing

@Suite("Executing documents")
struct ExecutionTests {
    @Test("A field of a list's objects is looked up once for all of them")
    func batches() async throws {
        let context = LibraryContext()
        let answer = try await Library.answer("{ authors { name books { title } } }", context: context)
        #expect(answer.hasPrefix(#"{"data":{"authors":[{"name":"Author 0","books":[{"title":"0a"},{"title":"0b"}]},"#))
        #expect(context.lookUps.sizes("name") == [3])
        #expect(context.lookUps.sizes("books") == [3])
    }

    @Test("A field under several aliases is looked up once")
    func batchesAliases() async throws {
        let context = LibraryContext()
        let answer = try await Library.answer(
            #"{ a: author(id: 1) { name } b: author(id: "2") { id } c: author(id: "x") { id } }"#, context: context)
        #expect(answer == #"{"data":{"a":{"name":"Author 1"},"b":{"id":"2"},"c":null}}"#)
        #expect(context.lookUps.sizes("author") == [3])
    }

    @Test("JSON stands in the answer as it is, under every alias, and counts by its length")
    func json() async throws {
        let text = #"{"id":12345678901234567890123,"big":1e400,"list":[1.50,null,{"a":"é\n"}],"none":{}}"#
        let value = try JSON.parse(Array(text.utf8))
        var resolvers = Resolvers<Void>()
        resolvers.object("Query", of: RootObject.self) { query in
            query.property("any") { _ in ResponseValue.json(value) }
            query.property("none") { _ in ResponseValue.json(.null) }
        }
        let schema = try Schema("type Query { any: Any! none: Any } scalar Any", scalars: ["Any": .any])
        let executable = try ExecutableSchema(schema, resolvers)
        let document = try executable.document("{ a: any b: any none }")
        var json = JSONWriter()
        try await executable.execute(document, context: ()).write(to: &json)
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"data":{"a":\#(text),"b":\#(text),"none":null}}"#)
        await #expect(throws: GraphQLErrors.self) {
            _ = try await executable.execute(document, byteLimit: text.utf8.count, context: ())
        }
    }

    @Test("No look-up is made for no objects")
    func asksForNothing() async throws {
        let context = LibraryContext()
        #expect(
            try await Library.answer("{ authors(first: 0) { name } }", context: context) == #"{"data":{"authors":[]}}"#)
        #expect(context.lookUps.sizes("name").isEmpty)
    }

    @Test("One of a batch fails alone")
    func failsAlone() async throws {
        let answer = try await Library.answer(#"{ a: author(id: 13) { name } b: author(id: 1) { name } }"#)
        #expect(
            answer
                == #"{"errors":[{"message":"unlucky","locations":[{"line":1,"column":23}],"path":["a","name"]}],"#
                + #""data":{"a":null,"b":{"name":"Author 1"}}}"#)
    }

    @Test("Fields of a query are resolved at the same time and answered in their order", .timeLimit(.minutes(1)))
    func resolvesConcurrently() async throws {
        // Each waits for the next; the last, 0, lets all go.
        let answer = try await Library.answer("{ a: slow(after: 1) b: slow(after: 2) c: slow(after: 0) }")
        #expect(answer == #"{"data":{"a":1,"b":2,"c":0}}"#)
    }

    @Test("Fields of a mutation are resolved one after the other")
    func mutatesSerially() async throws {
        let context = LibraryContext()
        let answer = try await Library.answer(
            "mutation { a: add(value: 1) b: add(value: 2) c: add(value: 3) }", context: context)
        #expect(answer == #"{"data":{"a":1,"b":2,"c":3}}"#)
        #expect(context.lookUps.order == [1, 2, 3])
        #expect(context.lookUps.mostRunning == 1)
    }

    @Test("What a resolver throws is for logs; the answer says that there was an error")
    func hidesCauses() async throws {
        let executable = try Library.executable()
        let document = try executable.document("{ author(id: 7) { books { broken } } }")
        let response = try await executable.execute(document, context: LibraryContext())
        #expect(response.errors.map(\.message) == Array(repeating: "The field could not be resolved.", count: 2))
        #expect(response.errors.map { ($0.cause as? StoreDown)?.title } == ["7a", "7b"])
        #expect(response.errors[1].path == [.name("author"), .name("books"), .index(1), .name("broken")])
    }

    @Test("An object of none of an abstract type's types is an error at its place")
    func reportsUnknownTypes() async throws {
        let answer = try await Library.answer("{ things { __typename } }")
        #expect(
            answer
                == #"{"errors":[{"message":"An object is of none of the types of Thing.","locations":"#
                + #"[{"line":1,"column":3}],"path":["things",2]}],"data":{"things":null}}"#)
    }

    @Test("A scalar of one's own carries what does not fit an Int")
    func carriesLongs() async throws {
        #expect(try await Library.answer("{ total }") == #"{"data":{"total":9223372036854775807}}"#)
    }

    @Test("A document can be executed many times, at the same time, too")
    func sharesDocuments() async throws {
        let executable = try Library.executable()
        let document = try executable.document("query A { authors { name } } query B { total }")
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await executable.execute(document, operationName: "A", context: LibraryContext()).errors.count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: 0, count: 50))
        #expect(try document.kind(ofOperation: "A") == .query)
    }

    @Test("An answer of too many values is refused, and what it would need is not looked up")
    func limitsValues() async throws {
        let executable = try Library.executable()
        let document = try executable.document("{ authors(first: 60) { id friends { name } } }")
        let context = LibraryContext()
        do {
            _ = try await executable.execute(document, valueLimit: 150, context: context)
            Issue.record("It has been answered")
        } catch {
            #expect(error.errors.map(\.kind) == [.answerLimit])
        }
        #expect(context.lookUps.sizes("name").isEmpty)
        _ = try await executable.execute(document, valueLimit: 181, context: context)
        #expect(context.lookUps.sizes("name") == [60])
    }

    @Test("A request that names no operation of several is refused before anything is resolved")
    func refusesUnnamedOperations() async throws {
        let executable = try Library.executable()
        let document = try executable.document("query A { total } query B { total }")
        await #expect(throws: GraphQLErrors.self) { try await executable.execute(document, context: LibraryContext()) }
        #expect(throws: GraphQLErrors.self) { try document.kind(ofOperation: "C") }
    }

    @Test("Errors of variables do not repeat their values")
    func keepsValuesSecret() async throws {
        let executable = try Library.executable()
        let document = try executable.document("query ($n: Int) { authors(first: $n) { id } }")
        var variables = JSONObject()
        variables["n"] = "ada@computing.org"
        do {
            _ = try await executable.execute(document, variables: variables, context: LibraryContext())
            Issue.record("The variable has been taken")
        } catch {
            #expect(error.errors.map(\.kind) == [.request])
            #expect(error.errors.map(\.message) == ["$n is no value of type Int."])
        }
    }
}

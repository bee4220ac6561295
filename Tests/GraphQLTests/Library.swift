// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import GraphQL

/// A small schema with its code: authors and their books.
struct Author: GraphQLObject {
    let id: Int
}

struct Book: GraphQLObject {
    let title: String
}

/// What a request brings along: counts of what was asked of the store.
struct LibraryContext: Sendable {
    let lookUps = Counts()
}

enum Library {
    static let text = """
        type Query {
          author(id: ID!): Author
          authors(first: Int = 3): [Author!]!
          slow(after: Int!): Int
          things: [Thing!]
          total: Long!
        }
        type Mutation { add(value: Int!): Int }
        type Author { id: ID! name: String! books: [Book!]! friends: [Author!]! }
        type Book { title: String! broken: String }
        union Thing = Author | Book
        scalar Long
        """

    static func executable() throws -> ExecutableSchema<LibraryContext> {
        var resolvers = Resolvers<LibraryContext>()
        resolvers.object("Query", of: RootObject.self) { query in
            query.batch("author") { requests, context in
                context.lookUps.add(requests.count, to: "author")
                return requests.map { $0.arguments.string("id").flatMap { Int($0) }.map { Author(id: $0) } }
            }
            query.property("authors") { _, arguments in
                (0..<max(arguments.int("first") ?? 0, 0)).map { Author(id: $0) }
            }
            query.field("slow") { _, arguments, context in
                try await context.lookUps.meet(arguments.int("after") ?? 0)
            }
            query.property("things") { _ in [Thing.author(Author(id: 1)), .book(Book(title: "T")), .nothing] }
            query.property("total") { _ in Int.max }
        }
        resolvers.object("Mutation", of: RootObject.self) { mutation in
            mutation.field("add") { _, arguments, context in
                await context.lookUps.append(arguments.int("value") ?? 0)
            }
        }
        resolvers.object("Author", of: Author.self) { author in
            author.property("id") { $0.id }
            author.batch("name") { requests, context in
                context.lookUps.add(requests.count, to: "name")
                return requests.map { request -> Result<String, any Error> in
                    request.source.id == 13
                        ? .failure(FieldFailure("unlucky")) : .success("Author \(request.source.id)")
                }
            }
            author.batch("books") { requests, context in
                context.lookUps.add(requests.count, to: "books")
                return requests.map { [Book(title: "\($0.source.id)a"), Book(title: "\($0.source.id)b")] }
            }
            author.property("friends") { [Author(id: $0.id + 1)] }
        }
        resolvers.object("Book", of: Book.self) { book in
            book.property("title") { $0.title }
            book.property("broken") { book -> String in throw StoreDown(title: book.title) }
        }
        resolvers.abstract("Thing", of: Thing.self) { thing in
            thing.type("Author") { if case .author(let author) = $0 { author } else { nil } }
            thing.type("Book") { if case .book(let book) = $0 { book } else { nil } }
        }
        return try ExecutableSchema(Schema(text, scalars: ["Long": .integer(in: 0...Int.max)]), resolvers)
    }

    /// The answer to a query, as text.
    static func answer(
        _ query: String, context: LibraryContext = LibraryContext(), limits: DocumentLimits = DocumentLimits()
    ) async throws -> String {
        let executable = try executable()
        let response = try await executable.execute(executable.document(query, limits: limits), context: context)
        var json = JSONWriter()
        response.write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

enum Thing: GraphQLObject {
    case author(Author)
    case book(Book)
    case nothing
}

struct StoreDown: Error {
    let title: String
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Which code answers for the types of a schema.
///
///     var resolvers = Resolvers<QueryContext>()
///     resolvers.object("Query", of: RootObject.self) { query in
///         query.field("top") { _, arguments, context in
///             try await context.top(arguments.int("limit") ?? 10)
///         }
///     }
///     resolvers.object("Anime", of: Anime.self) { anime in
///         anime.property("id") { $0.id }
///         anime.batch("days") { requests, context in try await context.days(of: requests.map(\.source.id)) }
///     }
///
/// - Note: `Context` is what a request brings along: stores, deadlines, who asks.
public struct Resolvers<Context: Sendable>: Sendable {
    private(set) var objects: [String: any ObjectBinding<Context>] = [:]
    private(set) var abstracts: [String: any AbstractBinding] = [:]

    /// Creates resolvers of introspection alone.
    public init() { addIntrospection() }

    /// Says which values of Swift stand for objects of a type, and what its fields are.
    ///
    /// - Parameters:
    ///   - name: an object type of the schema.
    ///   - source: the type of Swift; the same one may stand for several of the schema.
    ///   - build: adds a resolver for each of the type's fields.
    public mutating func object<Source: Sendable>(
        _ name: String, of source: Source.Type, _ build: (inout ObjectResolvers<Context, Source>) -> Void
    ) {
        var resolvers = ObjectResolvers<Context, Source>()
        build(&resolvers)
        objects[name] = resolvers
    }

    /// Says which values of Swift stand for objects of an interface or union, and of which types they are.
    ///
    /// - Parameters:
    ///   - name: an interface or union of the schema.
    ///   - source: the type of Swift.
    ///   - build: adds a case for each of the object types.
    public mutating func abstract<Source: Sendable>(
        _ name: String, of source: Source.Type, _ build: (inout AbstractResolvers<Source>) -> Void
    ) {
        var resolvers = AbstractResolvers<Source>()
        build(&resolvers)
        abstracts[name] = resolvers
    }
}

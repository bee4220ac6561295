// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import GraphQL

extension ObjectResolvers where Context == GraphQLContext, Source == RootObject {
    /// A field that is a list of a read model's entities in order of a text, `name` being what this begins with.
    ///
    /// - Parameters:
    ///   - list: the list's name in cursors, which is that of the same list by REST.
    ///   - maximumLength: the most characters of `name`.
    ///   - key: what texts that begin with it are ordered by begins with that.
    ///   - node: an entity as it is shown; `nil` for a document that is not.
    mutating func list<Document: ReadModelDocument, Node: GraphQLObject>(
        _ name: String, of model: any ReadModelListing<Document>, by field: ReadModelField<Document>, list: String,
        maximumLength: Int, key: @escaping @Sendable (String) -> String,
        _ node: @escaping @Sendable (Document) -> Node?
    ) {
        batch(name) { requests, context in
            await context.pages(of: requests) { request, arguments in
                let text = request.arguments.string("name") ?? ""
                guard text.unicodeScalars.count <= maximumLength else {
                    throw FieldFailure("name must have at most \(maximumLength) characters.")
                }
                let prefix = key(text)
                let place = try arguments.place { ReadModelPosition(cursor: $0, list, within: prefix) }
                let page = try await model.page(by: field, prefix: prefix, after: place, limit: arguments.first)
                let edges = page.entries.compactMap { entry -> Edge<Node>? in
                    guard let node = node(entry.document), let place = entry.position(by: field) else { return nil }
                    return Edge(cursor: place.cursor(list), node: node)
                }
                return Connection(edges, next: page.next?.cursor(list), arguments)
            }
        }
    }
}

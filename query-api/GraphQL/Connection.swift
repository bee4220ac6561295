// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import GraphQL

/// A page of a list (Relay, "GraphQL Cursor Connections Specification").
struct Connection<Node: GraphQLObject>: GraphQLObject {
    let edges: [Edge<Node>]
    let pageInfo: PageInfo

    /// - Parameters:
    ///   - next: where the next page begins, which need not be at the last edge; `nil` on the last page.
    ///   - arguments: what was asked for.
    init(_ edges: [Edge<Node>], next: String?, _ arguments: PageArguments) {
        self.edges = edges
        pageInfo = PageInfo(
            hasNextPage: next != nil, hasPreviousPage: arguments.after != nil, startCursor: edges.first?.cursor,
            endCursor: next ?? edges.last?.cursor)
    }
}

/// Something and its place in a list.
struct Edge<Node: GraphQLObject>: GraphQLObject {
    let cursor: String
    let node: Node
}

/// Where a page is in its list.
struct PageInfo: GraphQLObject {
    let hasNextPage: Bool
    let hasPreviousPage: Bool
    let startCursor: String?
    let endCursor: String?
}

extension Resolvers {
    /// Adds `NameConnection` and `NameEdge`.
    mutating func connection<Node: GraphQLObject>(_ name: String, of node: Node.Type) {
        object("\(name)Connection", of: Connection<Node>.self) { connection in
            connection.property("edges") { $0.edges }
            connection.property("pageInfo") { $0.pageInfo }
        }
        object("\(name)Edge", of: Edge<Node>.self) { edge in
            edge.property("cursor") { $0.cursor }
            edge.property("node") { $0.node }
        }
    }
}

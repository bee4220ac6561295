// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The media types of answers.
enum GraphQLMediaType: String, CaseIterable {
    /// That of GraphQL over HTTP: every answer says what it is.
    case response = "application/graphql-response+json"
    /// For clients from before. Theirs is an answer that has data; any other has the other type, from which they can tell that
    /// it is no proxy's ("Body").
    case json = "application/json"

    /// As `Content-Type`.
    var contentType: String { "\(rawValue); charset=utf-8" }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import CQRSTesting
import Essentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing
import Users

@testable import QueryAPI

private let createdAt = CachedQueryAPI.createdAt

private func makeUser(_ email: String, name: String = "Ada", version: Int64 = 1) -> ReadModelChange<UserDocument> {
    CachedQueryAPI.makeUser(email, name: name, version: version)
}

@Suite("GET /users/{email}")
struct UsersControllerTests {
    let users = InMemoryReadModel<UserDocument>()

    @Test("answers with the user and the version as a strong entity tag")
    func found() async throws {
        let change = makeUser("Ada@Computing.org", name: #"Ada "Countess" Lovelace"#, version: 7)
        _ = await users.write([change])
        try await withQueryAPI(users) { client in
            try await client.execute(uri: "/users/ada@computing.org", method: .get) { response in
                #expect(response.status == .ok)
                #expect(response.headers[.eTag] == "\"7\"")
                #expect(response.headers[.contentType] == "application/json")
                #expect(
                    String(buffer: response.body)
                        == #"{"id":"\#(change.document.id)","name":"Ada \"Countess\" Lovelace","email":"Ada@Computing.org","version":7,"createdAt":"2026-03-01T12:00:00.123Z","updatedAt":"2026-03-01T12:00:00.123Z"}"#
                )
            }
        }
    }

    @Test(
        "finds the address however it is escaped and capitalised",
        arguments: ["o'hara+x@b.org", "O%27Hara%2Bx%40B.ORG", "o%27hara+x@b.org"])
    func spelling(segment: String) async throws {
        _ = await users.write([makeUser("O'Hara+x@b.org")])
        try await withQueryAPI(users) { client in
            try await client.execute(uri: "/users/\(segment)", method: .get) { #expect($0.status == .ok) }
        }
    }

    @Test(
        "is 404 for what is no address, whatever it looks like, and whatever is asked of it",
        arguments: ["%E2%84%AAim@b.org", "a%E1%BF%AFb@b.org", "kim", "kim@b.org.", "%20kim@b.org"])
    func noAddress(segment: String) async throws {
        _ = await users.write([makeUser("kim@b.org"), makeUser("a`b@b.org")])
        try await withQueryAPI(users) { client in
            for suffix in ["", "?minVersion=1", "?version=1", "/history"] {
                let problem: Problem = try await client.get("/users/\(segment)\(suffix)", .notFound)
                #expect(problem.type == "/problems/user-not-found")
            }
        }
    }

    @Test("answers 304 without a body to who has the version, and 200 to who has another")
    func notModified() async throws {
        _ = await users.write([makeUser("ada@b.org", version: 7)])
        try await withQueryAPI(users) { client in
            try await client.execute(uri: "/users/ada@b.org", method: .get, headers: [.ifNoneMatch: #""6", "7""#]) {
                #expect($0.status == .notModified)
                #expect($0.headers[.eTag] == "\"7\"")
                #expect($0.body.readableBytes == 0)
            }
            try await client.execute(uri: "/users/ada@b.org", method: .get, headers: [.ifNoneMatch: #""6""#]) {
                #expect($0.status == .ok)
            }
        }
    }

    @Test(
        "evaluates If-Match before If-None-Match, and ignores what asks for dates or ranges",
        arguments: [
            (["If-Match": #""1""#], 200), (["If-Match": "*"], 200), (["If-Match": #""2""#], 412),
            (["If-Match": #"W/"1""#], 412), (["If-Match": "1"], 400),
            (["If-Match": #""2""#, "If-None-Match": #""1""#], 412),
            (["If-Match": #""1""#, "If-None-Match": #""1""#], 304), (["If-None-Match": "*"], 304),
            (["If-None-Match": #""2", W/"1""#], 304), (["If-None-Match": #""2""#], 200),
            (["If-Modified-Since": "Sun, 06 Nov 2044 08:49:37 GMT"], 200),
            (["If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"], 200),
            (["If-Range": #""2""#, "Range": "bytes=0-0"], 200),
        ] as [([String: String], Int)])
    func conditions(fields: [String: String], status: Int) async throws {
        _ = await users.write([makeUser("ada@b.org")])
        let headers = HTTPFields(
            fields.compactMap { name, value in HTTPField.Name(name).map { HTTPField(name: $0, value: value) } })
        try await withQueryAPI(users) { client in
            for method in [HTTPRequest.Method.get, .head] {
                try await client.execute(uri: "/users/ada@b.org", method: method, headers: headers) { response in
                    #expect(response.status.code == status)
                    if status == 304 {
                        #expect(response.headers[.eTag] == "\"1\"")
                        #expect(response.headers[.contentType] == nil)
                    }
                }
                // Nobody is nobody, whatever the conditions (RFC 9110 §13.2.1).
                try await client.execute(uri: "/users/eve@b.org", method: method, headers: headers) {
                    #expect($0.status == .notFound)
                }
            }
        }
    }

    @Test("answers conditions on what has no version: nothing matches a tag, and anything matches *")
    func conditionsOnLists() async throws {
        try await withQueryAPI(users) { client in
            for (field, value, status) in [
                (HTTPField.Name.ifMatch, #""1""#, 412), (.ifMatch, "*", 200), (.ifNoneMatch, "*", 304),
                (.ifNoneMatch, #""1""#, 200),
            ] {
                try await client.execute(uri: "/users", method: .get, headers: [field: value]) {
                    #expect($0.status.code == status)
                }
            }
        }
    }

    @Test("finds nothing under a path that ends with a slash", arguments: ["/users/", "/users/ada@b.org/", "/live/"])
    func trailingSlash(path: String) async throws {
        _ = await users.write([makeUser("ada@b.org")])
        try await withQueryAPI(users) { client in
            try await client.execute(uri: path, method: .get) { #expect($0.status == .notFound) }
            try await client.execute(uri: "\(path)?limit=1", method: .get) { #expect($0.status == .notFound) }
        }
    }

    @Test("answers HEAD like GET, without the body")
    func head() async throws {
        _ = await users.write([makeUser("ada@b.org")])
        try await withQueryAPI(users) { client in
            try await client.execute(uri: "/users/ada@b.org", method: .head) { response in
                #expect(response.status == .ok)
                #expect(response.headers[.eTag] == "\"1\"")
                #expect(response.body.readableBytes == 0)
            }
        }
    }

    @Test(
        "answers 404 for an address that nobody has, and for what is no address",
        arguments: ["nobody@b.org", "nobody", "a%00b@b.org", "%F0%9F%98%80", "a%2F..%2Fb@b.org"])
    func absent(segment: String) async throws {
        _ = await users.write([makeUser("ada@b.org")])
        try await withQueryAPI(users) { client in
            try await client.execute(uri: "/users/\(segment)", method: .get) { response in
                #expect(response.status == .notFound)
                #expect(response.headers[.contentType] == "application/problem+json")
                #expect(String(buffer: response.body).contains("/problems/user-not-found"))
            }
        }
    }

    @Test("answers 404 for a deleted user, and shows the one who has the address since")
    func deleted() async throws {
        let before = makeUser("ada@b.org")
        let after = UserDocument(id: before.document.id, version: 2, createdAt: createdAt, updatedAt: createdAt)
        _ = await users.write([before])
        let lost = await users.write([ReadModelChange(stream: before.stream, baseVersion: 1, document: after)])
        #expect(lost.isEmpty)
        try await withQueryAPI(users) { client in
            for segment in ["ada@b.org", "nil", "null", before.document.id] {
                try await client.execute(uri: "/users/\(segment)", method: .get) { #expect($0.status == .notFound) }
            }
        }
        let successor = makeUser("ADA@b.org", name: "Augusta")
        _ = await users.write([successor])
        try await withQueryAPI(users) { client in
            try await client.execute(uri: "/users/ada@b.org", method: .get) { response in
                #expect(response.status == .ok)
                #expect(String(buffer: response.body).contains(successor.document.id))
            }
        }
    }

    @Test("answers 404 for what a deleted user left, even if a read model found it")
    func tombstone() async throws {
        try await withQueryAPI(TombstoneReadModel()) { client in
            try await client.execute(uri: "/users/ada@b.org", method: .get) { #expect($0.status == .notFound) }
        }
    }

    @Test("answers 400 for a path that is not percent-encoded UTF-8", arguments: ["%zz", "%FF@b.org", "ada%40b.org%"])
    func malformed(segment: String) async throws {
        try await withQueryAPI(users) { client in
            try await client.execute(uri: "/users/\(segment)", method: .get) { #expect($0.status == .badRequest) }
        }
    }

    @Test("answers 503 with Retry-After while the read model is away, never a wrong 404, and tells no driver's words")
    func unavailable() async throws {
        try await withQueryAPI(AwayReadModel()) { client in
            try await client.execute(uri: "/users/ada@b.org", method: .get) { response in
                #expect(response.status == .serviceUnavailable)
                #expect(response.headers[.retryAfter] != nil)
                #expect(!String(buffer: response.body).contains("secret"))
            }
        }
    }

    @Test("answers 405 with what is allowed to a command sent to the query side")
    func command() async throws {
        try await withQueryAPI(users) { client in
            try await client.execute(uri: "/users/ada@b.org", method: .delete) { response in
                #expect(response.status == .methodNotAllowed)
                #expect(response.headers[.allow]?.contains("GET") == true)
            }
        }
    }
}

/// A read model whose database is away.
struct AwayReadModel: ReadModel, ReadModelListing {
    struct Away: CategorizedError, CustomStringConvertible {
        var category: FailureCategory { .unavailable }
        var description: String { "secret words of a driver" }
    }

    func prepare() async throws { throw Away() }
    func load(_ streams: Set<StreamID>) async throws -> [StreamID: UserDocument] { throw Away() }
    func write(_ changes: [ReadModelChange<UserDocument>]) async throws -> Set<StreamID> { throw Away() }
    func first(where field: ReadModelField<UserDocument>, equals value: String) async throws -> UserDocument? {
        throw Away()
    }
    func page(
        by field: ReadModelField<UserDocument>, prefix: String, after position: ReadModelPosition?, limit: Int
    ) async throws -> ReadModelPage<UserDocument> { throw Away() }
}

/// A read model that finds nothing but a deleted user.
private struct TombstoneReadModel: ReadModel, ReadModelListing {
    func prepare() async throws {}
    func load(_ streams: Set<StreamID>) async throws -> [StreamID: UserDocument] { [:] }
    func write(_ changes: [ReadModelChange<UserDocument>]) async throws -> Set<StreamID> { [] }
    func first(where field: ReadModelField<UserDocument>, equals value: String) async throws -> UserDocument? {
        UserDocument(id: "\(UUIDv7(at: createdAt))", version: 2, createdAt: createdAt, updatedAt: createdAt)
    }
    func page(
        by field: ReadModelField<UserDocument>, prefix: String, after position: ReadModelPosition?, limit: Int
    ) async throws -> ReadModelPage<UserDocument> { ReadModelPage(entries: [], next: nil) }
}

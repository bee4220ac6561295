// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("From POST to GET, with curl", .serialized, .timeLimit(.minutes(5)))
    struct EndToEndTests {
        @Test("a registered user can be read, with an entity tag, and 304 for who has it")
        func registration() async throws {
            try await TestSystem.run { system, services in
                let posted = try await succeed(
                    "curl",
                    [
                        "-sS", "-i", "-X", "POST", "\(system.commandAPI.url)/users", "-H",
                        "Content-Type: application/json",
                        "-d", #"{"name":"Ada Lovelace","email":"Ada@Computing.org"}"#,
                    ])
                #expect(posted.hasPrefix("HTTP/1.1 202"))
                #expect(posted.contains("ETag: \"1\""))
                let location = try #require(posted.firstMatch(of: /(?i)location: (\S+)/)?.1)
                let body = try #require(posted.split(separator: "\r\n\r\n").last)
                let accepted = try JSONDecoder().decode(Accepted.self, from: Data(body.utf8))
                #expect(
                    location == "\(system.queryAPI.url)/users/Ada@Computing.org?minVersion=1&id=\(accepted.id)")
                #expect(accepted.version == 1)
                #expect(accepted.email == "Ada@Computing.org")

                // Following it works at once.
                let followed = try await succeed("curl", ["-sS", "-f", "-H", "Prefer: wait=30", String(location)])
                let found = try await succeed("curl", ["-sS", "-f", "\(system.queryAPI.url)/users/ADA@computing.ORG"])
                #expect(followed == found)
                let user = try JSONDecoder().decode(User.self, from: Data(found.utf8))
                #expect(user.id == accepted.id)
                #expect(user.name == "Ada Lovelace")
                #expect(user.email == "Ada@Computing.org")
                #expect(user.version == 1)
                #expect(user.createdAt == user.updatedAt)
                #expect(user.createdAt.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)

                let again = try await succeed(
                    "curl",
                    [
                        "-sS", "-o", "/dev/null", "-w", "%{http_code} %header{etag}", "-H",
                        #"If-None-Match: "0", W/"1""#,
                        "\(system.queryAPI.url)/users/ada@computing.org",
                    ])
                #expect(again == #"304 "1""#)

                let absent = try await HTTP.get("\(system.queryAPI.url)/users/nobody@computing.org")
                #expect(absent.status == 404)
                #expect(absent.header("content-type") == "application/problem+json")

                for service in [system.commandAPI, system.queryAPI, system.consumer] {
                    let metrics = try await HTTP.get("\(service.url)/metrics")
                    #expect(metrics.status == 200)
                    #expect(metrics.body.contains("# TYPE "))
                    #expect(try await HTTP.get("\(service.url)/live").status == 200)
                    for personal in ["ada@computing", "lovelace"] {
                        #expect(!service.logText.localizedCaseInsensitiveContains(personal))
                        #expect(!metrics.body.localizedCaseInsensitiveContains(personal))
                    }
                    #expect(try await services.terminate(service) == 0)
                }
            }
        }

        @Test("a message put on the exchange by hand is put aside with its reason, and stops nobody")
        func poison() async throws {
            try await TestSystem.run { system, _ in
                // As the management UI does: without any of our headers.
                try await system.publishing { _, publisher in
                    try await publisher.publish(
                        AMQPMessage(
                            exchange: "domain_events", routingKey: "user.created",
                            properties: AMQPProperties(contentType: "text/plain"),
                            body: Array("garbage, not an event".utf8)))
                }
                #expect(try await system.post(email: "after@poison.org").status == 202)
                try await system.waitForUser("after@poison.org")
                try await eventually("dead letter") {
                    try await system.broker.rabbitmqctl("-q", "list_queues", "name", "messages")
                        .contains(/users\.projection\.dead\s+1/)
                }
                #expect(
                    try await HTTP.get("\(system.consumer.url)/metrics").body.contains(
                        #/cqrs_projection_dead_letters_total\{[^}]*reason="not-an-event"[^}]*\} 1/#))
            }
        }
    }
}

private struct User: Decodable {
    let id: String
    let name: String
    let email: String
    let version: Int
    let createdAt: String
    let updatedAt: String
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTypes
import NIOHTTP1
import Testing

@testable import ServiceKit

@Suite("Behind proxies")
struct TrustedProxiesTests {
    /// Who a client is taken for: the peer is 10.0.0.1, and 10.0.0.0/8 and 2001:db8:a::/48 are trusted.
    private func client(_ fields: HTTPHeaders, peer: String = "10.0.0.1") throws -> IPAddress {
        let proxies = TrustedProxies(
            blocks: try ["10.0.0.0/8", "2001:db8:a::/48"].map { try #require(AddressBlock($0)) })
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: fields)
        return proxies.client(at: try #require(IPAddress(peer)), ArrivingRequest(head, method: .get, route: "/"))
    }

    @Test(
        "the client is who stands before the trusted ones, in either field and any form",
        arguments: [
            ("X-Forwarded-For", "192.0.2.7", "192.0.2.7"),
            ("X-Forwarded-For", "192.0.2.7, 10.2.2.2,10.3.3.3", "192.0.2.7"),
            ("X-Forwarded-For", "1.1.1.1, 192.0.2.7 , 10.2.2.2", "192.0.2.7"),
            ("X-Forwarded-For", "unknown, 192.0.2.7:4711", "192.0.2.7"),
            ("X-Forwarded-For", "2001:db8::7", "2001:db8::7"),
            ("X-Forwarded-For", "[2001:db8::7]:4711, 2001:db8:a::1", "2001:db8::7"),
            ("Forwarded", "for=192.0.2.7", "192.0.2.7"),
            ("Forwarded", "for=192.0.2.43, For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("Forwarded", "proto=https ; For=192.0.2.7;by=203.0.113.43, for=10.2.2.2", "192.0.2.7"),
            ("Forwarded", "for=1.1.1.1;host=\"a, for=2.2.2.2\", for=192.0.2.7", "192.0.2.7"),
            ("Forwarded", "for=\"192.0.2.7:80\"", "192.0.2.7"),
            // All are trusted: the one who is farthest away has asked.
            ("X-Forwarded-For", "10.9.9.9, 10.2.2.2", "10.9.9.9"),
        ])
    func chains(name: String, value: String, expected: String) throws {
        #expect(try client([name: value]) == IPAddress(expected))
    }

    @Test(
        "nobody else than the proxy is believed to be known where its word is missing or makes no sense",
        arguments: [
            ("X-Forwarded-For", "192.0.2.7, unknown"), ("X-Forwarded-For", "192.0.2.7, 10.2.2.2, nonsense"),
            ("X-Forwarded-For", ""), ("Forwarded", "for=192.0.2.7, for=_hidden"),
            ("Forwarded", "for=192.0.2.7, by=10.2.2.2"),
            ("Forwarded", "for=192.0.2.7;for=192.0.2.8"), ("Forwarded", "for=192.0.2.7, x=\", for=10.2.2.2"),
            ("Forwarded", "for=\"[2001:db8::7\""), ("X-Real-IP", "192.0.2.7"),
        ])
    func unknown(name: String, value: String) throws {
        #expect(try client([name: value]) == IPAddress("10.0.0.1"))
    }

    @Test("fields of several lines are one list")
    func lines() throws {
        let fields: HTTPHeaders = ["X-Forwarded-For": "1.1.1.1", "x-forwarded-for": "192.0.2.7, 10.2.2.2"]
        #expect(try client(fields) == IPAddress("192.0.2.7"))
    }

    @Test("a field that the proxy passes on as its client made it up does not count")
    func contradiction() throws {
        #expect(
            try client(["X-Forwarded-For": "192.0.2.7", "Forwarded": "for=198.51.100.9"]) == IPAddress("10.0.0.1"))
        #expect(try client(["X-Forwarded-For": "192.0.2.7", "Forwarded": "for=192.0.2.7"]) == IPAddress("192.0.2.7"))
        #expect(try client(["X-Forwarded-For": "192.0.2.7", "Forwarded": "for=_hidden"]) == IPAddress("10.0.0.1"))
        // The nearer proxy knows one field only, and names the farther one in it.
        #expect(try client(["X-Forwarded-For": "10.2.2.2", "Forwarded": "for=192.0.2.7"]) == IPAddress("192.0.2.7"))
    }

    @Test("who is no trusted proxy says nothing about others")
    func untrusted() throws {
        let fields: HTTPHeaders = ["X-Forwarded-For": "192.0.2.7", "Forwarded": "for=192.0.2.7"]
        #expect(try client(fields, peer: "198.51.100.9") == IPAddress("198.51.100.9"))
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import ServiceKit

@Suite("Addresses")
struct IPAddressTests {
    @Test(
        "are the same however they are written",
        arguments: [
            ("192.0.2.1", "::ffff:192.0.2.1"), ("192.0.2.1", "::FFFF:c000:201"),
            ("2001:db8::1", "2001:0DB8:0:0:0:0:0:1"),
            ("::", "0:0:0:0:0:0:0:0"), ("1::", "1:0:0:0:0:0:0:0"), ("::1", "0::0:1"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ])
    func same(one: String, other: String) throws {
        #expect(try #require(IPAddress(one)) == #require(IPAddress(other)))
    }

    @Test(
        "are nothing else",
        arguments: [
            "", "localhost", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1.2.3.+4", "1.2.3.", " 1.2.3.4",
            "1.2.3.4:80",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":::", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "12345::",
            "::1.2.3.4:5", "1.2.3.4::", "::+1", "::-0", "::g", "[::1]", "fe80::1%eth0", "1:2:3:4::5:6:7:8",
        ])
    func invalid(text: String) { #expect(IPAddress(text) == nil) }

    @Test("stand for a client by themselves in version 4, and with their whole /64 in version 6")
    func client() throws {
        let (one, two) = (try #require(IPAddress("192.0.2.1")), try #require(IPAddress("192.0.2.2")))
        #expect(one.client == one)
        #expect(one.client != two.client)
        let neighbours = try ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"].map {
            try #require(IPAddress($0)).client
        }
        #expect(neighbours[0] == neighbours[1])
        #expect(try #require(IPAddress("2001:db8:1:3::1")).client != neighbours[0])
    }

    @Test(
        "belong to blocks",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.1.2.3/8", "10.9.9.9", true),
            ("10.0.0.0/8", "::ffff:10.1.1.1", true), ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "2001:db8::1", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false),
            ("::1", "::1", true), ("::1/128", "::2", false),
        ])
    func blocks(block: String, address: String, isInside: Bool) throws {
        #expect(try #require(AddressBlock(block)).contains(#require(IPAddress(address))) == isInside)
    }

    @Test(
        "and what is no block is none",
        arguments: [
            "", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "::/129", "10.0.0.0/8/8", "/8", "proxy",
        ])
    func invalidBlock(text: String) { #expect(AddressBlock(text) == nil) }
}

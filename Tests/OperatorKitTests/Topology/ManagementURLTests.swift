// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import OperatorKit

@Suite("A management API's URL")
struct ManagementURLTests {
    @Test("is an address, and a login if it has one")
    func valid() throws {
        let plain = try ManagementURL("http://localhost:15672")
        #expect(plain.address == "http://localhost:15672")
        #expect(plain.login == nil)
        let full = try ManagementURL("https://a%40b:p%2Fw%3A:@broker.example:443/rabbit/")
        #expect(full.address == "https://broker.example:443/rabbit")
        #expect(full.login == ManagementURL.Login(user: "a@b", password: "p/w::"))
        #expect(try ManagementURL("http://[::1]:15672/").address == "http://[::1]:15672")
    }

    @Test(
        "is refused without being repeated",
        arguments: [
            "", "localhost:15672", "amqp://guest:secret@localhost", "http://", "http:///x", "http://guest:secret@",
            "http://guest@localhost", "http://gu%zzest:secret@localhost", "http://gu%f:secret@localhost",
            "http://%ff:secret@localhost", "http://guest:secret@localhost/?x=1", "http://guest:secret@local host",
            "http://:15672", "http://localhost/#secret",
        ])
    func invalid(text: String) throws {
        let error = try #require(throws: ManagementURL.Invalid.self) { _ = try ManagementURL(text) }
        #expect(!error.problem.contains("secret"))
    }

    @Test("has names as single segments")
    func segments() {
        #expect(ManagementURL.segment("/") == "%2F")
        #expect(ManagementURL.segment("users.projection-1_~") == "users.projection-1_~")
        #expect(ManagementURL.segment("ä b") == "%C3%A4%20b")
    }
}

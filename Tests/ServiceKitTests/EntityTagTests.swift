// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Testing

@testable import ServiceKit

@Suite("An entity tag")
struct EntityTagTests {
    @Test(
        "is found in If-None-Match by the weak comparison",
        arguments: [
            #""7""#, #"W/"7""#, "*", " * ", #""1", "7""#, #""1",W/"7" , "9""#, #"  "7"  "#, #""a,b", "7""#, #","7""#,
        ])
    func listed(header: String) {
        #expect(EntityTag.condition(ifNoneMatch: header).contains(7))
    }

    @Test(
        "is not found where it is not",
        arguments: ["", "7", #""77""#, #""8""#, #"w/"7""#, #"W/7"#, "**", #""7"#, #"x, "7""#, "*, *"])
    func notListed(header: String) {
        #expect(!EntityTag.condition(ifNoneMatch: header).contains(7))
    }

    @Test(
        "is read from If-Match, by the strong comparison",
        arguments: [
            (#""7""#, [7]), (#""7", "8""#, [7, 8]), (#""7","8""#, [7, 8]), ("\t\"7\" ,\t \"8\"  ", [7, 8]),
            (#", ,"7",, "8","#, [7, 8]), (#"W/"7""#, []), (#"W/"7", "8""#, [8]), (#""a,b", "7""#, [7]),
            (#""07", "+7", "7 ", "-0""#, nil), (#""07", "+7", "0x7""#, []), (#""""#, []), (#""-7""#, [-7]),
            (#""é", "7""#, [7]), (#""9223372036854775808""#, []), (#""9223372036854775807""#, [.max]),
        ] as [(String, Set<Int64>?)])
    func condition(header: String, versions: Set<Int64>?) {
        #expect(EntityTag.condition(ifMatch: header) == versions.map { .oneOf($0) })
    }

    @Test("is read back from how it is sent, and from nothing else")
    func text() {
        #expect(EntityTag(EntityTag(version: 7).text) == EntityTag(version: 7))
        for text in ["7", "\"07\"", "W/\"7\"", "\"\"", "", "\"7", "'7'"] { #expect(EntityTag(text) == nil) }
    }

    @Test("can be any with If-Match: *", arguments: ["*", " * ", "\t*"])
    func anyVersion(header: String) {
        #expect(EntityTag.condition(ifMatch: header) == .any)
    }

    @Test(
        "is not read from what is no list of entity tags",
        arguments: [
            "", " ", ",", ", ,", "7", #""7"#, #"7""#, #""7" "8""#, #""7"; "8""#, #""7", 8"#, #""7", *"#, #"*, "7""#,
            "**",
            #"w/"7""#, #"W/7"#, #"W"7""#, #"W/ "7""#, #"/"7""#, "W/", "\"7\u{7F}\"", "\"7\t\"",
        ])
    func malformed(header: String) {
        #expect(EntityTag.condition(ifMatch: header) == nil)
    }
}

@Suite("An idempotency key")
struct IdempotencyKeyTests {
    @Test(
        "is read with and without quotation marks",
        arguments: [
            ("abc", "abc"), (#""abc""#, "abc"), (#""a\"b\\c""#, #"a"b\c"#), (#"a\b"#, #"a\b"#), ("a,b;c=d", "a,b;c=d"),
            ("!~", "!~"), ("x", "x"), (String(repeating: "k", count: 255), String(repeating: "k", count: 255)),
            ("\"\(String(repeating: "k", count: 255))\"", String(repeating: "k", count: 255)),
        ])
    func parsed(header: String, key: String) {
        #expect(IdempotencyKeyField.parse(header) == key)
    }

    @Test(
        "is not read from anything else",
        arguments: [
            "", #""""#, "\"", #""abc"#, #"abc""#, #"a"b"#, "a b", #""a b""#, #""a", "b""#, #""a";p"#, #""a""b""#,
            #""a\n""#, #""a\"#, "schlüssel", "a\u{7F}", "\t", String(repeating: "k", count: 256),
        ])
    func malformed(header: String) {
        #expect(IdempotencyKeyField.parse(header) == nil)
    }
}

@Suite("A path segment")
struct PathSegmentTests {
    @Test("escapes what may not stand in a path, and nothing else")
    func encoding() {
        #expect(PathSegment.encode("ada+x@computing.org") == "ada+x@computing.org")
        #expect(PathSegment.encode("a/b?c#d%e f") == "a%2Fb%3Fc%23d%25e%20f")
        #expect(PathSegment.encode("é^`{|}") == "%C3%A9%5E%60%7B%7C%7D")
    }

    @Test("reads back what it wrote")
    func roundTrip() {
        let all = String(String.UnicodeScalarView((0x20...0x2FF).compactMap { Unicode.Scalar($0) }))
        #expect(PercentEncoding.decode(PathSegment.encode(all)) == all)
        #expect(PercentEncoding.decode("a%2fb") == "a/b")
    }

    @Test(
        "refuses broken escapes and bytes that are not UTF-8", arguments: ["%", "%4", "%zz", "%C3", "%ff", "%ED%A0%80"])
    func refusals(segment: String) {
        #expect(PercentEncoding.decode(segment) == nil)
    }
}

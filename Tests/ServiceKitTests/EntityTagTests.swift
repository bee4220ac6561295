// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ServiceKit
import Testing

@Suite("An entity tag")
struct EntityTagTests {
    @Test(
        "is found in If-None-Match by the weak comparison",
        arguments: [
            #""7""#, #"W/"7""#, "*", " * ", #""1", "7""#, #""1",W/"7" , "9""#, #"  "7"  "#, #""a,b", "7""#, #","7""#,
        ])
    func listed(header: String) {
        #expect(EntityTag(version: 7).isListed(in: header))
    }

    @Test(
        "is not found where it is not",
        arguments: ["", "7", #""77""#, #""8""#, #"w/"7""#, #"W/7"#, "**", #""7"#, #"x, "7""#, "*, *"])
    func notListed(header: String) {
        #expect(!EntityTag(version: 7).isListed(in: header))
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
        #expect(PathSegment.decode(PathSegment.encode(all)) == all)
        #expect(PathSegment.decode("a%2fb") == "a/b")
    }

    @Test(
        "refuses broken escapes and bytes that are not UTF-8", arguments: ["%", "%4", "%zz", "%C3", "%ff", "%ED%A0%80"])
    func refusals(segment: String) {
        #expect(PathSegment.decode(segment) == nil)
    }
}

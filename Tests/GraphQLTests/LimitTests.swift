// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import GraphQL
import Testing

/// Whatever a document asks for, it is refused with the error of its limit, by the text alone: nothing is resolved.
@Suite("Limits of documents", .timeLimit(.minutes(1)))
struct LimitTests {
    private func errors(
        _ text: String, _ change: (inout DocumentLimits) -> Void = { _ in }
    ) throws -> [GraphQLError] {
        var limits = DocumentLimits()
        change(&limits)
        let executable = try Library.executable()
        do throws(GraphQLErrors) {
            _ = try executable.document(text, limits: limits)
        } catch {
            return error.errors
        }
        return []
    }

    /// The kind of the one error there is.
    private func kind(
        _ text: String, _ change: (inout DocumentLimits) -> Void = { _ in }
    ) throws -> GraphQLError.Kind? {
        let errors = try errors(text, change)
        #expect(errors.count <= 1)
        return errors.first?.kind
    }

    private func nested(_ depth: Int, _ inner: String = "id") -> String {
        "{ authors " + String(repeating: "{ friends ", count: depth) + "{ \(inner) }"
            + String(repeating: " }", count: depth + 1)
    }

    @Test("A long document is refused unread")
    func bytes() throws {
        #expect(try kind("{ total }" + String(repeating: " ", count: 16 * 1024)) == .limit(.bytes))
    }

    @Test("A document of many tokens is refused")
    func tokens() throws {
        #expect(try kind("{ " + String(repeating: "total ", count: 2_000) + "}") == .limit(.tokens))
    }

    @Test(
        "Nothing nests the parser's stack away",
        arguments: ["{ a ", "[", "{ a: ", "{ ... ", "{ total(a: [", "query ($a: ["])
    func nesting(_ opening: String) throws {
        let head = opening == "[" ? "{ total(a: " : opening == "{ a: " ? "{ total(a: " : ""
        let text = head + String(repeating: opening, count: 200_000)
        let found = try kind(text) { limits in (limits.bytes, limits.tokens) = (.max, .max) }
        // What cannot be repeated is a mistake of syntax at once.
        #expect(found == .limit(.nesting) || found == .syntax)
        #expect(opening.count > 6 || found == .limit(.nesting))
    }

    @Test("Fields that stand too deep in each other are refused")
    func depth() throws {
        #expect(try kind(nested(10)) == nil)
        #expect(try kind(nested(11)) == .limit(.depth))
    }

    @Test("Fragments count where they are spread")
    func fragmentDepth() throws {
        let text =
            nested(6, "...F")
            + " fragment F on Author { friends { friends { friends { friends { friends { id } } } } } }"
        #expect(try kind(text) == .limit(.depth))
    }

    @Test("The query by which tools read a schema is not too deep")
    func introspection() throws {
        let inner = String(repeating: "ofType { kind name ", count: 12) + String(repeating: "} ", count: 12)
        #expect(try kind("{ __schema { types { fields { type { kind \(inner) } } } } }") == nil)
        let fragment = "fragment F on __Type { kind \(inner) }"
        #expect(try kind("{ __schema { types { fields { type { ...F } } } } } \(fragment)") == nil)
    }

    @Test("Fragments that spread each other twice and twice again are measured at once")
    func fields() throws {
        let fragments = (0..<30).map { "fragment F\($0) on Author { ...F\($0 + 1) x\($0): id ...F\($0 + 1) }" }
        let text = "{ authors { ...F0 } } \(fragments.joined(separator: " ")) fragment F30 on Author { id }"
        #expect(try kind(text) { $0.tokens = 10_000 } == .limit(.fields))
    }

    @Test("Many aliases are refused")
    func aliases() throws {
        let text = "{ " + (0..<600).map { "a\($0): total" }.joined(separator: " ") + " }"
        #expect(try kind(text) { $0.aliases = 500 } == .limit(.aliases))
        #expect(try kind(text) == nil)
    }

    @Test("Many directives are refused")
    func directives() throws {
        let text = "{ total " + String(repeating: "@skip(if: true) ", count: 201) + "}"
        #expect(try kind(text) == .limit(.directives))
    }

    @Test("Fragments in a circle are refused, however many and however long")
    func cycles() throws {
        #expect(
            try kind("{ authors { ...A } } fragment A on Author { friends { ...A } }")
                == .validation(.noFragmentCycles))
        let circle = (0..<1_000).map { "fragment F\($0) on Author { friends { ...F\(($0 + 1) % 1_000) } }" }
        let found = try kind("{ authors { ...F0 } } " + circle.joined(separator: " ")) { limits in
            (limits.bytes, limits.tokens, limits.depth) = (.max, .max, .max)
        }
        #expect(found == .limit(.nesting))
    }

    @Test("Two circles of fragments do not send the comparison of fields round and round")
    func comparisonOfCycles() throws {
        func circle(_ name: String, _ count: Int) -> String {
            (0..<count).map { "fragment \(name)\($0) on Author { id ...\(name)\(($0 + 1) % count) }" }
                .joined(separator: " ")
        }
        let text = "{ authors { ...A0 ...B0 } } \(circle("A", 61)) \(circle("B", 59))"
        let found = try errors(text)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.kind == .validation(.noFragmentCycles) || $0.kind == .limit(.comparisons) })
    }

    @Test("Fields that share a name are compared as long as the limit says")
    func comparisons() throws {
        let text = "{ " + (0..<500).map { _ in "author(id: 1) { id }" }.joined(separator: " ") + " }"
        let found = try kind(text) { limits in (limits.tokens, limits.comparisons) = (10_000, 10_000) }
        #expect(found == .limit(.comparisons))
    }

    /// A query of fragments that share most of their fields, as programs make them of their parts.
    private func fragments(_ count: Int, fields: Int) -> String {
        let names = (0..<fields).map { "f\($0): name" }.joined(separator: " ")
        let fragments = (0..<count).map { "fragment P\($0) on Author { \(names) }" }.joined(separator: " ")
        return "{ authors { \((0..<count).map { "...P\($0)" }.joined(separator: " ")) } } \(fragments)"
    }

    @Test("Fields that share a name are compared long enough for what programs write, and for no more")
    func usualComparisons() throws {
        #expect(try kind(fragments(24, fields: 24)) == nil)
        #expect(try kind("{ " + (0..<1_000).map { _ in "total" }.joined(separator: " ") + " }") == .limit(.comparisons))
    }

    @Test("Fields that conflict with each other in many pairs are told of in as many errors as others")
    func conflicts() throws {
        let text = "{ " + (0..<150).map { "a: author(id: \($0)) { id }" }.joined(separator: " ") + " }"
        let found = try errors(text)
        #expect(found.count == 100)
        #expect(found.allSatisfy { $0.kind == .validation(.overlappingFieldsCanBeMerged) })
        let inner = (0..<40).map { _ in "author(id: 1) { x: id x: name }" }.joined(separator: " ")
        let inside = try errors("{ " + inner + " }")
        #expect(inside.count == 100)
    }

    @Test("Of many errors only some are told")
    func errors() throws {
        let text = "{ " + (0..<500).map { "unknown\($0)" }.joined(separator: " ") + " }"
        #expect(try errors(text).count == 100)
    }
}

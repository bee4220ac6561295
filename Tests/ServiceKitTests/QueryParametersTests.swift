// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import HTTPTypes
import Testing

@testable import ServiceKit

@Suite("The parameters of a query")
struct QueryParametersTests {
    /// The names and details of all errors.
    private func errors(_ query: String, _ read: (inout QueryParameters) -> Void = { _ in }) -> [[String]] {
        var parameters = QueryParameters(query: query)
        read(&parameters)
        do {
            try parameters.finish()
            return []
        } catch {
            #expect(error.type == .invalidParameters)
            #expect(error.status == .badRequest)
            guard case .array(let list)? = error.extensions["errors"] else { return [["no list"]] }
            return list.map { entry in
                guard case .object(let object) = entry else { return [] }
                return object.members.map { member in
                    guard case .string(let text) = member.value else { return member.name }
                    return member.name == "parameter" ? text : "\(member.name): \(text)"
                }
            }
        }
    }

    @Test(
        "are decoded",
        arguments: [
            ("q=a", "a"), ("q=", ""), ("q", ""), ("&&q=a&", "a"), ("q=a+b%20c%2B", "a b c+"), ("%71=%C3%A9", "é"),
            ("q=a=b", "a=b"), ("q=%26", "&"), ("other=1", nil), ("", nil),
        ] as [(String, String?)])
    func decoding(query: String, value: String?) throws {
        var parameters = QueryParameters(query: query)
        #expect(parameters.string("q") == value)
        _ = parameters.string("other")
        try parameters.finish()
    }

    @Test("are refused when nobody knows them, and when they are given twice or cannot be decoded")
    func refused() {
        #expect(errors("typo=1&typo=2&%zz=1").map(\.first) == ["typo", "%zz"])
        #expect(errors("q=1&q=1") { _ = $0.string("q") } == [["q", "detail: must be given once"]])
        #expect(errors("q=%zz") { _ = $0.string("q") } == [["q", "detail: must be percent-encoded UTF-8"]])
        #expect(errors("q=%FF") { _ = $0.string("q") } == [["q", "detail: must be percent-encoded UTF-8"]])
    }

    @Test("have whole numbers of digits alone, within a range", arguments: ["1", "500", "050"])
    func numbers(text: String) {
        var parameters = QueryParameters(query: "n=\(text)")
        #expect(parameters.integer("n", in: 1...500) == Int(text))
    }

    @Test(
        "have no other numbers",
        arguments: ["", "0", "501", "-1", "%2B1", "+1", "1.0", "1e2", "0x1", "ten", "99999999999999999999", "%D9%A1"])
    func noNumbers(text: String) {
        let errors = errors("n=\(text)") { parameters in #expect(parameters.integer("n", in: 1...500) == nil) }
        #expect(errors == [["n", "detail: must be a whole number from 1 to 500"]])
    }

    @Test(
        "have times with any offset, whose plus sign may be written as it is",
        arguments: [
            "2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00", "2026-03-01T13:00:00%2B01:00",
            "2026-03-01T11:30:00-00:30", "2026-03-01T12:00:00.000Z", "2026-03-01+12:00:00Z",
            "2026-03-01T13:00:00+0100", "2026-03-01T13:00:00%2B0100", "2026-03-01T11:30:00.000-0030",
            "2026-03-01T12:00:00+0000",
        ])
    func times(text: String) {
        var parameters = QueryParameters(query: "t=\(text)")
        #expect(parameters.time("t") == Timestamp(millisecondsSinceEpoch: 1_772_366_400_000))
    }

    @Test(
        "have no other times",
        arguments: ["", "now", "2026-03-01", "2026-02-29T00:00:00Z", "2026-03-01T12:00:00", "1772366400", "+01:00"])
    func noTimes(text: String) {
        let errors = errors("t=\(text)") { parameters in #expect(parameters.time("t") == nil) }
        #expect(errors.map(\.first) == ["t"])
    }

    @Test("are counted up to a limit when they are wrong")
    func manyErrors() {
        let query = (0..<500).map { "p\($0)=1" }.joined(separator: "&")
        #expect(errors(query).count == FieldErrors.limit)
    }

    @Test("have the names that they have, not equivalent ones")
    func exactNames() {
        var found: String?
        let errors = errors("%E2%84%AA=1") { found = $0.string("K") }
        #expect(found == nil)
        #expect(errors.count == 1)
    }
}

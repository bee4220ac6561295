// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    /// With the environment variable `LIST_LINES`, as many lines as that, up to 10,000, and what the last ones take against
    /// the first ones.
    @Suite("Stock lists, from commands to queries", .serialized, .timeLimit(.minutes(15)))
    struct StockListTests {
        private static let path = "api/v1/inventory/lists"
        private let count = ProcessInfo.processInfo.environment["LIST_LINES"].flatMap { Int($0) } ?? 520

        private struct Begun: Decodable {
            let id: String
        }

        private struct Line: Decodable {
            let quantity: Int
        }

        private struct List: Decodable {
            let totalItems: Int
            let version: Int
            let lines: [Line]?
            let next: String?
        }

        private struct Page<Item: Decodable>: Decodable {
            let items: [Item]
            let next: String?
        }

        @Test("every line is seen where the answer to its command points, and all of them once, page by page")
        func lines() async throws {
            let count = count
            try await TestSystem.run { system, _ in
                let begun = try await HTTP.post(
                    "\(system.commandAPI.url)/\(Self.path)", json: #"{"customer":"Ada","expiresOn":"2027-01-31"}"#)
                #expect(begun.status == 202, "\(begun.body)")
                let id = try JSONDecoder().decode(Begun.self, from: Data(begun.body.utf8)).id
                // What is warm when the last lines come shall be so when the first do.
                for _ in 0..<100 {
                    _ = try await HTTP.post(
                        "\(system.commandAPI.url)/\(Self.path)", json: #"{"customer":"Ada","expiresOn":"2026-01-31"}"#)
                }
                var times: [(accepted: Duration, visible: Duration)] = []
                for number in 1...count { times.append(try await addLine(number, to: id, system)) }
                report(times)

                let list = try await get("\(system.queryAPI.url)/\(Self.path)/\(id)", as: List.self)
                #expect(list.version == count + 1)
                #expect(list.totalItems == count * (count + 1) / 2)
                var quantities = list.lines?.map(\.quantity) ?? []
                #expect(quantities.count == min(count, 500))
                var next = list.next
                while let after = next {
                    let page = try await get(
                        "\(system.queryAPI.url)/\(Self.path)/\(id)/lines?limit=500&after=\(after)", as: Page<Line>.self)
                    quantities += page.items.map(\.quantity)
                    next = page.next
                }
                #expect(quantities == Array(1...count))
                try await eventually("listed first, as it expires latest") {
                    try await get("\(system.queryAPI.url)/\(Self.path)?limit=1", as: Page<List>.self)
                        .items.first?.totalItems == count * (count + 1) / 2
                }

                let verified = try await system.operate("verify", "inventory_list_lines")
                #expect(verified.status == 0, "\(verified.text)")

                #expect(
                    try await HTTP.send("DELETE", "\(system.commandAPI.url)/\(Self.path)/\(id)").status == 202)
                try await eventually("gone with its lines") {
                    try await HTTP.get("\(system.queryAPI.url)/\(Self.path)/\(id)/lines").status == 404
                }
            }
        }

        /// Adds a line whose quantity is its number, and reads it where the answer points.
        private func addLine(
            _ number: Int, to id: String, _ system: TestSystem
        ) async throws -> (accepted: Duration, visible: Duration) {
            let start = ContinuousClock.now
            let answer = try await HTTP.post(
                "\(system.commandAPI.url)/\(Self.path)/\(id)/lines",
                json: #"{"product":"Lamp","quantity":\#(number)}"#)
            let accepted = ContinuousClock.now
            guard answer.status == 202, let location = answer.header("location") else { throw UnexpectedAnswer(answer) }
            let list = try await HTTP.get(location.replacing("/\(id)?", with: "/\(id)/lines?limit=1&"))
            guard list.status == 200 else { throw UnexpectedAnswer(list) }
            #expect(list.header("etag") == "\"\(number + 1)\"")
            return (accepted - start, .now - start)
        }

        /// Prints the medians of the last tenth of the lines against those of the first.
        private func report(_ times: [(accepted: Duration, visible: Duration)]) {
            let part = max(1, times.count / 10)
            func ratio(_ value: ((accepted: Duration, visible: Duration)) -> Duration) -> Double {
                median(times.suffix(part).map(value)) / median(times.prefix(part).map(value))
            }
            print(
                "\(times.count) lines, the last \(part) against the first \(part): accepted", ratio(\.accepted),
                "visible", ratio(\.visible))
        }

        private func median(_ values: [Duration]) -> Duration { values.sorted()[values.count / 2] }

        private func get<Value: Decodable>(_ uri: String, as type: Value.Type) async throws -> Value {
            let answer = try await HTTP.get(uri)
            guard answer.status == 200 else { throw UnexpectedAnswer(answer) }
            return try JSONDecoder().decode(Value.self, from: Data(answer.body.utf8))
        }
    }
}

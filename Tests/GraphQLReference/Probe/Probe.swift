// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Foundation
import GraphQL

/// Reads requests, one a line, and writes what this project's implementation makes of each, one a line; `compare.py` holds it
/// against the reference's.
///
///     graphql-probe SCHEMA DATA < REQUESTS > OUTCOMES
@main
struct Probe {
    static func main() async throws {
        guard CommandLine.arguments.count == 3 else { throw UsageError() }
        let text = try String(contentsOfFile: CommandLine.arguments[1], encoding: .utf8)
        let data = try ReferenceData(Array(Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[2]))))
        let schema = try Schema(text)
        let probe = Probe(executable: try ReferenceResolvers.executable(schema, data))
        while let line = readLine() {
            guard let request = try JSON.parseObject(Array(line.utf8), depthLimit: 512) else { throw UnreadableData() }
            print(String(decoding: await probe.outcome(of: request), as: UTF8.self))
        }
    }

    private let executable: ExecutableSchema<ReferenceResolvers.Context>

    private static let limits: DocumentLimits = {
        var limits = DocumentLimits()
        (limits.bytes, limits.tokens, limits.nesting, limits.depth) = (1 << 20, 100_000, 200, 200)
        (limits.fields, limits.aliases, limits.directives, limits.errors) = (100_000, 100_000, 10_000, 10_000)
        return limits
    }()

    private func outcome(of request: JSONObject) async -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        do throws(GraphQLErrors) {
            var query = ""
            if case .string(let text)? = request["query"] { query = text }
            let document = try executable.document(query, limits: Self.limits)
            var name: String?
            if case .string(let text)? = request["operationName"] { name = text }
            var variables = JSONObject()
            if case .object(let object)? = request["variables"] { variables = object }
            let response = try await executable.execute(
                document, operationName: name, variables: variables, context: ReferenceResolvers.Context())
            json.member("stage", "executed")
            json.key("response")
            response.write(to: &json)
        } catch {
            write(error.errors, to: &json)
            json.key("response")
            error.write(to: &json)
        }
        json.endObject()
        return json.bytes
    }

    private func write(_ errors: [GraphQLError], to json: inout JSONWriter) {
        switch errors.first?.kind {
        case .syntax?: json.member("stage", "syntax")
        case .limit(let quantity)?:
            json.member("stage", "limit")
            json.member("limit", quantity.rawValue)
        case .validation?: json.member("stage", "validation")
        case .request?, .answerLimit?, .field?, nil: json.member("stage", "request")
        }
        json.key("rules")
        json.beginArray()
        for error in errors {
            if case .validation(let rule) = error.kind { json.string(rule.rawValue) }
        }
        json.endArray()
    }
}

struct UsageError: Error, CustomStringConvertible {
    let description = "usage: graphql-probe SCHEMA DATA < REQUESTS > OUTCOMES"
}

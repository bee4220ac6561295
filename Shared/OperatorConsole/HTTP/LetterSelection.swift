// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Hummingbird
internal import ServiceKit

/// Which letters a request is about: `{"ids":["…", …]}`.
struct LetterSelection {
    let ids: Set<String>

    /// Reads the body.
    ///
    /// - Throws: 400, 413, 415, 422.
    init(_ request: Request) async throws {
        var fields = try await request.readJSONFields(upTo: 128 << 10)
        var ids: Set<String> = []
        if case .array(let values)? = fields.value("ids"), !values.isEmpty {
            for value in values {
                if case .string(let id) = value { ids.insert(id) } else { fields.refuse("ids", "must be texts") }
            }
        } else {
            fields.refuse("ids", "must be a list of at least one id")
        }
        try fields.finish()
        self.ids = ids
    }
}

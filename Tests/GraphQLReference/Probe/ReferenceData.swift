// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials

/// What `data.json` says.
struct ReferenceData: Sendable {
    private let rows: JSONObject
    private let roots: JSONObject

    init(_ bytes: [UInt8]) throws {
        guard let data = try JSON.parseObject(bytes), case .object(let rows)? = data["rows"],
            case .object(let roots)? = data["roots"]
        else { throw UnreadableData() }
        self.rows = rows
        self.roots = roots
    }

    func row(_ id: String) -> Row? { if case .object(let object)? = rows[id] { Row(object: object) } else { nil } }

    /// The rows of a type, in their order.
    func rows(of type: String) -> [Row] {
        rows.members.compactMap { row($0.name) }.filter { $0.type == type }
    }

    func root(_ name: String) -> JSONValue? { roots[name] }
}

struct UnreadableData: Error {}

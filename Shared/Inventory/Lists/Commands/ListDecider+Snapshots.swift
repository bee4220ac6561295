// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials

extension ListDecider {
    /// The list's identifier and how many lines it has.
    public static var snapshots: SnapshotCodec<State>? {
        SnapshotCodec(schema: 1) { state in
            guard case .present(let id, let lines) = state else { throw NotPresent() }
            return Array("\(id) \(lines)".utf8)
        } decode: { bytes in
            let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
            guard parts.count == 2, let id = UUIDv7(parts[0]), let lines = Int(parts[1]) else { throw NotPresent() }
            return .present(id, lines: lines)
        }
    }

    private struct NotPresent: Error {}
}

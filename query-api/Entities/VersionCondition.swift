// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Hummingbird
import ServiceKit

/// Which version a client wants to see at least, as `Location` of the command API says: `?minVersion=2&id=<uuid>`.
struct VersionCondition: Equatable {
    /// The lowest version that will do.
    let version: Int64
    /// Whose version; `nil` for whoever has the key.
    let stream: StreamID?

    /// Reads `minVersion` and `id`.
    ///
    /// - Parameter category: of the entities' streams.
    /// - Returns: `nil` when there are none, or after noting an error.
    static func read(_ parameters: inout QueryParameters, category: String) -> VersionCondition? {
        let version = parameters.integer("minVersion", in: 1...Int64.max)
        let id = parameters.string("id")
        let uuid = id.flatMap { UUIDv7($0) }
        if id != nil, uuid == nil { parameters.refuse("id", "must be a version 7 UUID") }
        if id != nil, !parameters.contains("minVersion") {
            parameters.refuse("id", "says whose minVersion is meant, which is missing")
        }
        return version.map { VersionCondition(version: $0, stream: uuid.map { StreamID(category: category, id: $0) }) }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Foundation

/// The stored samples of a family of events. What is stored and sent must be readable for ever, so a sample is added and
/// never changed.
struct StoredSamples<Event: JSONEvent> {
    private let folder: URL
    /// What they mean, by file name: the type and the schema.
    let meanings: [String: Event]

    init(_ meanings: [String: Event]) {
        self.folder = Bundle.module.bundleURL.appending(path: "Samples")
        self.meanings = meanings
    }

    /// The names of every version of every event that was ever written.
    static var everWritten: Set<String> {
        Set(Event.Kind.allCases.flatMap { kind in (1...kind.schema).map { "\(kind.rawValue).\($0)" } })
    }

    /// The names of the files.
    func stored() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.path).map { String($0.dropLast(".json".count)) })
    }

    /// A sample's data, byte for byte.
    func data(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: "\(name).json")))
    }

    /// What a sample is read as.
    func decoded(_ name: String) throws -> Event {
        let parts = name.split(separator: ".")
        let schema = parts.last.flatMap { Int($0) } ?? 0
        return try Event.decode(
            recorded(parts.dropLast().joined(separator: "."), schema: schema, data: try data(name)))
    }
}

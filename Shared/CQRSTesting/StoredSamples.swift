// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials
public import Foundation

/// The stored samples of a family of events: a file for each version of each event that was ever written, named by its type and
/// schema, such as `user.created.1.json`. What is stored and sent must be readable for ever, so a sample is added and never changed.
public struct StoredSamples<Event: JSONEvent>: Sendable {
    private let folder: URL
    private let stream: StreamID
    private let meanings: [String: Event]

    /// - Parameters:
    ///   - folder: where the files are, such as `Bundle.module.bundleURL.appending(path: "Samples")`.
    ///   - stream: of any entity whose events these are.
    ///   - meanings: what each of them means, by type and schema, such as `user.created.1`.
    public init(in folder: URL, of stream: StreamID, _ meanings: [String: Event]) {
        self.folder = folder
        self.stream = stream
        self.meanings = meanings
    }

    /// What is not as it should be, in a line each: a version without a sample or a meaning, a file of no version, a sample that is read as
    /// something else than it means, and an event that is not written as its latest sample, byte for byte.
    ///
    /// - Throws: when the files cannot be read.
    public func flaws() throws -> [String] {
        let versions = Event.Kind.allCases.flatMap { kind in (1...kind.schema).map { (kind: kind, schema: $0) } }
        let names = Set(versions.map { "\($0.kind.rawValue).\($0.schema)" })
        let files = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
        var flaws = files.subtracting(names.map { "\($0).json" }).map { "\($0): of no version of an event" }
        flaws += Set(meanings.keys).subtracting(names).map { "\($0): the meaning of no version of an event" }
        for (kind, schema) in versions {
            let name = "\(kind.rawValue).\(schema)"
            guard files.contains("\(name).json"), let meaning = meanings[name] else {
                flaws.append("\(name): no sample, or no meaning")
                continue
            }
            let data = Array(try Data(contentsOf: folder.appending(path: "\(name).json")))
            let stored = RecordedEvent(
                id: UUIDv7(at: .now()), stream: stream, version: 1, type: kind.rawValue, schema: schema,
                recordedAt: .now(), data: data, metadata: EventMetadata(correlationID: "test"))
            do throws(MalformedEvent) {
                if try Event.decode(stored) != meaning { flaws.append("\(name): is read as something else") }
            } catch {
                flaws.append("\(name): is not read: \(error)")
            }
            if schema == kind.schema,
                meaning.encoded() != data || meaning.type != kind.rawValue || meaning.schema != schema
            {
                flaws.append("\(name): is written otherwise")
            }
        }
        return flaws.sorted()
    }
}

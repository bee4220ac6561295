// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Testing

/// What a rebuild needs of a read model.
extension ReadModelContract {
    @Test("finds all documents with a value in a field, with their streams")
    func matches() async throws {
        try await withEach { model in
            let streams = (0..<4).map { stream(1_772_366_400_000 + $0) }
            let notes = [
                Note("same", version: 7), Note("other", version: 2), Note("same", version: 1), Note(nil, version: 3),
            ]
            _ = try await model.write(
                zip(streams, notes).map { ReadModelChange(stream: $0, baseVersion: 0, document: $1) })
            #expect(
                try await model.matches(where: Note.byText, equals: "same") == [
                    streams[0]: notes[0], streams[2]: notes[2],
                ])
            #expect(try await model.matches(where: Note.byText, equals: "none").isEmpty)
        }
    }

    @Test("lists the versions of all documents in the order of their streams, a page at a time")
    func versions() async throws {
        try await withEach { model in
            let streams = (0..<5).map { stream(1_772_366_400_000 + $0) }
            #expect(try await model.versions(after: nil, limit: 10).isEmpty)
            _ = try await model.write(
                [3, 0, 4, 2, 1].map {
                    let note = Note($0 == 2 ? nil : "a", version: Int64($0) + 1)
                    return ReadModelChange(stream: streams[$0], baseVersion: 0, document: note)
                })
            var found: [StreamID] = []
            var last: StreamID?
            while case let page = try await model.versions(after: last, limit: 2), !page.isEmpty {
                #expect(page.count <= 2)
                for (stream, version) in page {
                    #expect(version == Int64(found.count) + 1)
                    found.append(stream)
                }
                last = page.last?.stream
            }
            #expect(found == streams)
        }
    }

    @Test("can be dropped, also when it is not there, and be used again")
    func drop() async throws {
        try await withEach { model in
            let stream = stream()
            for _ in 0..<2 {
                _ = try await model.write([
                    ReadModelChange(stream: stream, baseVersion: 0, document: Note("a", version: 1))
                ])
                try await model.drop()
                #expect(try await model.load([stream]).isEmpty)
                try await model.drop()
            }
        }
    }
}

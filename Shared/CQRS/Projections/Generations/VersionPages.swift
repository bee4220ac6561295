// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Goes through the versions of a read model's documents in the order of the streams, a page at a time.
struct VersionPages<Model: GenerationReadModel> {
    private let model: Model
    private let size = 2000
    private var page: ArraySlice<(stream: StreamID, version: Int64)> = []
    private var last: StreamID?
    private var isDone = false

    init(_ model: Model) { self.model = model }

    /// The next, which stays the next.
    mutating func peek() async throws -> (stream: StreamID, version: Int64)? {
        if page.isEmpty, !isDone {
            let (model, last, size) = (model, last, size)
            let next = try await repeatingPassing { try await model.versions(after: last, limit: size) }
            isDone = next.count < size
            self.last = next.last?.stream
            page = next[...]
        }
        return page.first
    }

    /// Goes on behind the next.
    mutating func skip() { page = page.dropFirst() }
}

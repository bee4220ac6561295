// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS

/// Folds one stream and compares what comes out with a stored document, at the document's own version: so events that
/// the document does not reflect yet are no difference in its content.
struct StreamAudit<P: Projection> {
    private let stream: StreamID
    /// What is compared.
    let stored: P.Document?
    private var fold = EventFold<P>(nil)
    /// The last event seen.
    private(set) var lastVersion: Int64 = 0
    private var contentDifference: [String]?
    /// The first version whose entry is not what its event says.
    private var wrongEntry: Int64?

    /// - Parameter stored: the stream's document; read before the events, or it may be ahead of them.
    init(_ stream: StreamID, stored: P.Document?) {
        self.stream = stream
        self.stored = stored
    }

    /// What the events so far make of it.
    var expected: P.Document? { fold.document }

    /// The entries that these events add.
    var entries: [P.Document.Entry] { fold.entries }

    /// Takes the stream's next event.
    ///
    /// - Parameter entry: what is stored as its entry; read after the document.
    mutating func add(_ recorded: RecordedEvent, _ entry: P.Document.Entry?) {
        lastVersion = recorded.version
        let count = fold.entries.count
        fold.add(recorded)
        guard !fold.isStopped else { return }
        // What is beyond the document nobody shows: its writer may not be done.
        if P.Document.hasEntries, wrongEntry == nil, let stored, recorded.version <= stored.version {
            let expected = stored.endsEntries || fold.entries.count == count ? nil : fold.entries.last
            if entry != expected { wrongEntry = recorded.version }
        }
        if let stored, let expected, stored.version == recorded.version, stored != expected {
            contentDifference = Self.fields(in: stored, unlike: expected)
        }
    }

    /// The difference after the stream's last event, if there is one.
    var difference: ReadModelDifference? {
        let version = stored?.version ?? 0
        // The last version that a document can be at: an event that cannot be applied ends the stream for it.
        let target = expected?.version ?? 0
        func difference(_ kind: ReadModelDifference.Kind) -> ReadModelDifference {
            ReadModelDifference(stream: stream, kind: kind, stored: version, expected: target)
        }
        if let contentDifference { return difference(.different(fields: contentDifference)) }
        if lastVersion == 0 { return stored == nil ? nil : difference(.extra) }
        if version > lastVersion { return difference(.ahead) }
        if let wrongEntry { return difference(.entry(at: wrongEntry)) }
        if version < target { return difference(stored == nil ? .missing : .behind) }
        return fold.stop.map { difference(.stopped(at: $0.version, $0.error.reason)) }
    }

    private static func fields(in a: P.Document, unlike b: P.Document) -> [String] {
        let others = Dictionary(
            Mirror(reflecting: b).children.compactMap { child in child.label.map { ($0, "\(child.value)") } }
        ) { first, _ in first }
        let fields = Mirror(reflecting: a).children.compactMap { child in
            child.label.flatMap { others[$0] == "\(child.value)" ? nil : $0 }
        }
        return fields.isEmpty ? ["content"] : fields
    }
}

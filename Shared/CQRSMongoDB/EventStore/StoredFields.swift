// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import MongoDB

/// The fields of a stored document by name, found in one pass.
struct StoredFields {
    let values: [String: BSONValue]

    init(_ document: BSONDocument) {
        values = Dictionary(document.map { ($0.key, $0.value) }) { first, _ in first }
    }

    func integer(_ name: String) throws(MalformedEvent) -> Int64 {
        guard let value = values[name]?.intValue else { throw malformed(name) }
        return Int64(value)
    }

    func time(_ name: String) throws(MalformedEvent) -> Timestamp {
        guard case .date(let time)? = values[name] else { throw malformed(name) }
        return Timestamp(millisecondsSinceEpoch: time.millisecondsSince1970)
    }

    func read<T>(_ name: String, _ parse: (String) -> T?) throws(MalformedEvent) -> T {
        guard let text = values[name]?.stringValue, let value = parse(text) else { throw malformed(name) }
        return value
    }

    private func malformed(_ name: String) -> MalformedEvent {
        MalformedEvent(.invalidEnvelope, "stored event, field \(name)")
    }
}

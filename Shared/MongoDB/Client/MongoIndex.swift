// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An index to create.
public struct MongoIndex: Sendable {
    /// The fields, each with 1 or -1 (or `"text"`, `"hashed"`, …), in order.
    public var keys: BSONDocument
    /// Its name; derived from the fields when absent, as the server's tools do: `stream_1_version_1`.
    public var name: String?
    /// Whether two documents may not have the same values.
    public var isUnique: Bool
    /// Whether documents without the field are left out.
    public var isSparse: Bool
    /// Indexes only the documents that match.
    public var partialFilter: BSONDocument?
    /// Deletes documents this long after the date in the only field.
    public var expireAfter: Duration?

    /// Describes an index.
    public init(
        _ keys: BSONDocument, name: String? = nil, unique: Bool = false, sparse: Bool = false,
        partialFilter: BSONDocument? = nil, expireAfter: Duration? = nil
    ) {
        self.keys = keys
        self.name = name
        self.isUnique = unique
        self.isSparse = sparse
        self.partialFilter = partialFilter
        self.expireAfter = expireAfter
    }

    /// The name given or derived.
    public var effectiveName: String {
        name
            ?? keys.map { element in
                switch element.value {
                case .string(let kind): "\(element.key)_\(kind)"
                case let value: "\(element.key)_\(value.intValue ?? 1)"
                }
            }.joined(separator: "_")
    }

    func write(to writer: inout BSONWriter) {
        writer.append("key", keys)
        writer.append("name", effectiveName)
        if isUnique { writer.append("unique", true) }
        if isSparse { writer.append("sparse", true) }
        if let partialFilter { writer.append("partialFilterExpression", partialFilter) }
        if let expireAfter { writer.append("expireAfterSeconds", Int(expireAfter.components.seconds)) }
    }
}

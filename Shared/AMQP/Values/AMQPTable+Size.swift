// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

// The table must fit one frame, and librabbitmq notices too late: it has then already sent the frame before it, which
// leaves the connection unusable. So the size is known before anything is sent.
extension AMQPTable {
    /// The number of bytes on the wire, with the length in front.
    ///
    /// - Throws: ``AMQPError/Code/invalidArgument`` for a key of more than 255 bytes or for nesting beyond
    ///   ``maximumDepth``.
    func encodedSize(depth: Int = 1) throws(AMQPError) -> Int {
        try Self.check(depth)
        var size = 4
        for (key, value) in entries {
            let keySize = key.utf8.count
            guard keySize <= 255 else { throw AMQPError(.invalidArgument, "a table key has more than 255 bytes") }
            size += 1 + keySize + (try value.encodedSize(depth: depth))
        }
        return size
    }

    fileprivate static func check(_ depth: Int) throws(AMQPError) {
        guard depth <= maximumDepth else {
            throw AMQPError(.invalidArgument, "a table is nested more than \(maximumDepth) deep")
        }
    }
}

extension AMQPValue {
    /// The number of bytes on the wire, with the type in front.
    fileprivate func encodedSize(depth: Int) throws(AMQPError) -> Int {
        switch self {
        case .void: return 1
        case .bool, .int8, .uint8: return 2
        case .int16, .uint16: return 3
        case .int32, .uint32, .float: return 5
        case .decimal: return 6
        case .int64, .double, .timestamp: return 9
        case .string(let value): return 5 + value.utf8.count
        case .bytes(let value): return 5 + value.count
        case .table(let value): return 1 + (try value.encodedSize(depth: depth + 1))
        case .array(let values):
            try AMQPTable.check(depth + 1)
            var size = 5
            for value in values { size += try value.encodedSize(depth: depth + 1) }
            return size
        }
    }
}

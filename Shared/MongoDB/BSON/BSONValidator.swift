// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Checks foreign bytes in one pass without recursion: a stack of ends, at most ``BSONDocument/maximumDepth`` high.
struct BSONValidator {
    private let bytes: [UInt8]
    private var position = 0
    /// For each open document, the index behind its final NUL.
    private var ends: [Int] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func validate() throws(MongoError) {
        try open(limit: bytes.count)
        guard ends[0] == bytes.count else { throw invalid("bytes behind the document") }
        while let end = ends.last {
            let type = bytes[position]
            position += 1
            if type == 0 {
                guard position == end else { throw invalid("a document shorter than its length") }
                ends.removeLast()
            } else {
                // The final NUL is not part of any element.
                try element(type, limit: end - 1)
            }
        }
    }

    private mutating func open(limit: Int) throws(MongoError) {
        guard limit - position >= 5 else { throw invalid("a truncated document") }
        let length = bytes.length(at: position)
        guard length >= 5, length <= limit - position else { throw invalid("a document with a wrong length") }
        let end = position + length
        guard bytes[end - 1] == 0 else { throw invalid("a document without a final NUL") }
        guard ends.count < BSONDocument.maximumDepth else { throw invalid("documents embedded too deep") }
        ends.append(end)
        position += 4
    }

    private mutating func element(_ rawType: UInt8, limit: Int) throws(MongoError) {
        guard let type = BSONType(rawValue: rawType) else { throw invalid("an unknown type") }
        try cString(limit: limit)
        switch type {
        case .undefined, .null, .minKey, .maxKey: break
        case .bool:
            guard position < limit, bytes[position] <= 1 else { throw invalid("a truth value that is neither") }
            position += 1
        case .int32: try skip(4, limit: limit)
        case .double, .date, .timestamp, .int64: try skip(8, limit: limit)
        case .objectID: try skip(12, limit: limit)
        case .decimal128: try skip(16, limit: limit)
        case .string, .code, .symbol: try string(limit: limit)
        case .document, .array: try open(limit: limit)
        case .binary: try binary(limit: limit)
        case .regularExpression:
            try cString(limit: limit)
            try cString(limit: limit)
        case .dbPointer:
            try string(limit: limit)
            try skip(12, limit: limit)
        case .codeWithScope: try codeWithScope(limit: limit)
        }
    }

    private mutating func skip(_ count: Int, limit: Int) throws(MongoError) {
        guard limit - position >= count else { throw invalid("a truncated value") }
        position += count
    }

    private mutating func cString(limit: Int) throws(MongoError) {
        let start = position
        while position < limit, bytes[position] != 0 { position += 1 }
        guard position < limit else { throw invalid("a key without an end") }
        guard bytes.isUTF8(start..<position) else { throw invalid("a key that is not UTF-8") }
        position += 1
    }

    private mutating func string(limit: Int) throws(MongoError) {
        guard limit - position >= 5 else { throw invalid("a truncated string") }
        let length = bytes.length(at: position)
        position += 4
        guard length >= 1, length <= limit - position else { throw invalid("a string with a wrong length") }
        let end = position + length
        guard bytes[end - 1] == 0 else { throw invalid("a string without a final NUL") }
        guard bytes.isUTF8(position..<end - 1) else { throw invalid("a string that is not UTF-8") }
        position = end
    }

    private mutating func binary(limit: Int) throws(MongoError) {
        guard limit - position >= 5 else { throw invalid("truncated binary") }
        let length = bytes.length(at: position)
        let subtype = bytes[position + 4]
        position += 5
        guard length >= 0, length <= limit - position else { throw invalid("binary with a wrong length") }
        if subtype == 2 {
            guard length >= 4, bytes.length(at: position) == length - 4 else {
                throw invalid("binary with a wrong inner length")
            }
        }
        position += length
    }

    /// An int32 for the whole, a string, and a document that must end where the whole does.
    private mutating func codeWithScope(limit: Int) throws(MongoError) {
        guard limit - position >= 14 else { throw invalid("truncated code") }
        let length = bytes.length(at: position)
        guard length >= 14, length <= limit - position else { throw invalid("code with a wrong length") }
        let end = position + length
        position += 4
        try string(limit: end)
        try open(limit: end)
        guard ends.last == end else { throw invalid("code with a wrong length") }
    }

    private func invalid(_ what: String) -> MongoError {
        MongoError(.invalidBSON, "\(what), near byte \(position)")
    }
}

extension [UInt8] {
    /// Whether the bytes are well-formed UTF-8 (Unicode 15, table 3-7): shortest forms only, no surrogates.
    func isUTF8(_ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        let end = range.upperBound
        while index < end {
            let first = self[index]
            index += 1
            if first < 0x80 { continue }
            let more: Int
            var low: UInt8 = 0x80
            var high: UInt8 = 0xBF
            switch first {
            case 0xC2...0xDF: more = 1
            case 0xE0: (more, low) = (2, 0xA0)
            case 0xED: (more, high) = (2, 0x9F)
            case 0xE1...0xEF: more = 2
            case 0xF0: (more, low) = (3, 0x90)
            case 0xF1...0xF3: more = 3
            case 0xF4: (more, high) = (3, 0x8F)
            default: return false
            }
            guard end - index >= more, self[index] >= low, self[index] <= high else { return false }
            for other in index + 1..<index + more where self[other] & 0xC0 != 0x80 { return false }
            index += more
        }
        return true
    }
}

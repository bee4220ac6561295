// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The elements of a document or of a part of one, without a copy of the bytes.
public struct BSONView: Sequence, Sendable {
    let bytes: [UInt8]
    /// From the length to behind the final NUL.
    let range: Range<Int>

    /// Reads elements in order.
    public struct Iterator: IteratorProtocol, Sendable {
        let bytes: [UInt8]
        var position: Int
        let end: Int

        /// The next element, or `nil` at the end.
        public mutating func next() -> BSONElement? {
            nextPlace().map { BSONElement(bytes: bytes, place: $0) }
        }

        mutating func nextPlace() -> BSONElement.Place? {
            guard position < end, let type = BSONType(rawValue: bytes[position]) else { return nil }
            let key = position + 1
            var keyEnd = key
            while bytes[keyEnd] != 0 { keyEnd += 1 }
            let value = keyEnd + 1
            position = value + bytes.valueLength(type, at: value)
            return BSONElement.Place(type: type, key: key..<keyEnd, value: value..<position)
        }
    }

    /// Starts at the first element.
    public func makeIterator() -> Iterator {
        Iterator(bytes: bytes, position: range.lowerBound + 4, end: range.upperBound - 1)
    }

    /// Where all elements are.
    var places: [BSONElement.Place] {
        var places: [BSONElement.Place] = []
        places.reserveCapacity(16)
        var iterator = makeIterator()
        while let place = iterator.nextPlace() { places.append(place) }
        return places
    }

    /// A document of its own, copied out.
    public var document: BSONDocument { BSONDocument(trusted: Array(bytes[range])) }
}

extension [UInt8] {
    func littleEndian32(at index: Int) -> UInt32 {
        UInt32(self[index]) | UInt32(self[index + 1]) << 8 | UInt32(self[index + 2]) << 16
            | UInt32(self[index + 3]) << 24
    }

    func littleEndian64(at index: Int) -> UInt64 {
        UInt64(littleEndian32(at: index)) | UInt64(littleEndian32(at: index + 4)) << 32
    }

    /// A length field, as the signed number it is.
    func length(at index: Int) -> Int { Int(Int32(bitPattern: littleEndian32(at: index))) }

    /// How many bytes a value takes, in bytes that were checked.
    func valueLength(_ type: BSONType, at index: Int) -> Int {
        switch type {
        case .undefined, .null, .minKey, .maxKey: 0
        case .bool: 1
        case .int32: 4
        case .double, .date, .timestamp, .int64: 8
        case .objectID: 12
        case .decimal128: 16
        case .string, .code, .symbol: 4 + length(at: index)
        case .document, .array, .codeWithScope: length(at: index)
        case .binary: 5 + length(at: index)
        case .dbPointer: 16 + length(at: index)
        case .regularExpression: cStringEnd(cStringEnd(index)) - index
        }
    }

    /// Whether the bytes of a range are those of a text.
    func isEqual(_ range: Range<Int>, to text: String) -> Bool {
        let utf8 = text.utf8
        guard utf8.count == range.count else { return false }
        var index = range.lowerBound
        for byte in utf8 {
            guard self[index] == byte else { return false }
            index += 1
        }
        return true
    }

    /// The index behind the NUL that ends the string at `index`.
    func cStringEnd(_ index: Int) -> Int {
        var end = index
        while self[end] != 0 { end += 1 }
        return end + 1
    }
}

extension BSONDocument {
    /// How many documents are open at the deepest point, this one included. A pass over the bytes, without strings.
    var embeddedDepth: Int {
        var open: [BSONView.Iterator] = [view.makeIterator()]
        var deepest = 1
        while !open.isEmpty {
            guard let element = open[open.count - 1].next() else {
                open.removeLast()
                continue
            }
            guard element.type == .document || element.type == .array else { continue }
            open.append(BSONView(bytes: bytes, range: element.valueRange).makeIterator())
            deepest = Swift.max(deepest, open.count)
        }
        return deepest
    }
}

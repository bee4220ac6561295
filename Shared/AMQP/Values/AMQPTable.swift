// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A table of named values: the headers of a message, or the arguments of an exchange, queue or binding.
///
/// Entries keep their order on the wire. Two tables are equal when they hold the same entries in any order. Tables are
/// small: a look-up reads them from the front.
public struct AMQPTable: Sendable {
    /// How deep tables and arrays may be nested in each other, the outermost counting as one.
    ///
    /// More is refused when sent; received values below this depth are left out (see
    /// ``AMQPDelivery/hasOmittedHeaders``).
    public static let maximumDepth = 16

    /// The entries, in order. A key that occurs twice on the wire is kept twice; a look-up finds the first.
    public private(set) var entries: [(key: String, value: AMQPValue)]

    /// An empty table.
    public init() { entries = [] }

    init(entries: [(key: String, value: AMQPValue)]) { self.entries = entries }

    /// Whether there is no entry.
    public var isEmpty: Bool { entries.isEmpty }

    /// The number of entries.
    public var count: Int { entries.count }

    /// The value of a key; setting `nil` removes it. A key has at most 255 UTF-8 bytes, which is checked when the table
    /// is sent.
    public subscript(key: String) -> AMQPValue? {
        get {
            // By index: going through the entries themselves would copy each.
            for index in entries.indices where entries[index].key == key { return entries[index].value }
            return nil
        }
        set {
            let index = entries.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append((key, value))
            case (nil, nil): break
            }
        }
    }
}

extension AMQPTable: Hashable {
    /// Whether both hold the same entries, in any order.
    public static func == (left: AMQPTable, right: AMQPTable) -> Bool {
        left.count == right.count && left.byKey == right.byKey
    }

    /// Hashes the entries without regard to their order.
    public func hash(into hasher: inout Hasher) { hasher.combine(byKey) }

    private var byKey: [String: AMQPValue] { Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first } }
}

extension AMQPTable: ExpressibleByDictionaryLiteral {
    /// A table with these entries; of a repeated key the last value stays.
    public init(dictionaryLiteral elements: (String, AMQPValue)...) {
        self.init()
        entries.reserveCapacity(elements.count)
        for (key, value) in elements { self[key] = value }
    }
}

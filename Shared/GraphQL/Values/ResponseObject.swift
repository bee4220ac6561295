// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An object of an answer: its fields in their order. Objects of one selection set share their names.
public struct ResponseObject: Sendable, Equatable {
    /// The response names, each once.
    public let names: [String]
    /// A value for each name.
    public let values: [ResponseValue]

    /// Creates an object of fields, in their order; names occur once.
    public init(_ fields: [(String, ResponseValue)]) { self.init(names: fields.map(\.0), values: fields.map(\.1)) }

    init(names: [String], values: [ResponseValue]) {
        self.names = names
        self.values = values
    }

    /// The value under a name; takes time in proportion to their number.
    public subscript(name: String) -> ResponseValue? { names.firstIndex(of: name).map { values[$0] } }
}

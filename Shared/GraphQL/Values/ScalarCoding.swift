// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How values of a scalar are read from requests and written to answers.
public struct ScalarCoding: Sendable {
    let read: @Sendable (ScalarInput) -> InputValue?
    let write: @Sendable (ResponseValue) -> ResponseValue?

    init(
        read: @escaping @Sendable (ScalarInput) -> InputValue?,
        write: @escaping @Sendable (ResponseValue) -> ResponseValue?
    ) {
        self.read = read
        self.write = write
    }

    /// Creates the coding of a scalar of a schema's own.
    ///
    /// - Parameters:
    ///   - parse: gets what came with a request; returns what resolvers get, or `nil` when it is no such value.
    ///   - serialize: gets what a resolver gave; returns what stands in the answer, or `nil` when it is no such value.
    public init(
        parse: @escaping @Sendable (InputValue) -> InputValue?,
        serialize: @escaping @Sendable (ResponseValue) -> ResponseValue?
    ) {
        self.init(
            read: { input in
                switch input {
                case .int(let text), .float(let text): parse(.number(text))
                case .value(let value): parse(value)
                }
            }, write: serialize)
    }

    /// Takes every value as it is.
    public static let any = ScalarCoding(parse: { $0 }, serialize: { $0 })

    /// Whole numbers of a range, for what does not fit an `Int`.
    public static func integer(in range: ClosedRange<Int>) -> ScalarCoding {
        ScalarCoding(
            read: { input in
                guard case .int(let text) = input, let value = Int(text), range.contains(value) else { return nil }
                return .int(value)
            },
            write: { value in
                switch value {
                case .int(let number): return range.contains(number) ? value : nil
                case .float(let number):
                    guard let whole = Int(exactly: number), range.contains(whole) else { return nil }
                    return .int(whole)
                default: return nil
                }
            })
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Where stock is kept: a code of 1 to 32 of `a-z0-9-`.
public struct StoreCode: Sendable, Hashable {
    /// The longest code.
    public static let maximumLength = 32

    /// The store of those who name none.
    public static let main = StoreCode(checked: "main")

    /// The code.
    public let text: String

    /// Checks a code.
    ///
    /// - Throws: ``Flaw``.
    public init(_ text: String) throws(Flaw) {
        guard (1...Self.maximumLength).contains(text.utf8.count), text.utf8.allSatisfy(mayStandInCode) else {
            throw Flaw()
        }
        self.init(checked: text)
    }

    private init(checked text: String) { self.text = text }

    /// Why a text is no code. Never says which text.
    public struct Flaw: ExplainedFlaw, Sendable, Equatable {
        /// What to tell the one who sent it.
        public var explanation: String {
            "must have 1 to \(StoreCode.maximumLength) characters of a to z, 0 to 9 and -"
        }
    }
}

private func mayStandInCode(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// The day on which the goods of a list expire, of the Gregorian calendar, wherever somebody is.
public struct ExpiryDate: Sendable, Hashable {
    /// The day as RFC 3339 writes it (§5.6, `full-date`): `2027-01-31`.
    public let text: String

    /// Checks a day.
    ///
    /// - Throws: ``Flaw`` for another form, and for days that do not exist.
    public init(_ text: String) throws(Flaw) {
        // A day exists when it has a beginning.
        guard text.utf8.count == 10, Timestamp(rfc3339: "\(text)T00:00:00Z") != nil else { throw Flaw() }
        self.text = text
    }

    /// What sorts days the latest first, for any day as an event or a document has it: each digit is 9 less itself.
    /// Stored: it changes only together with every document that has one.
    static func latestFirstKey(of text: String) -> String {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let bytes = text.utf8.map { digits.contains($0) ? digits.lowerBound + (digits.upperBound - $0) : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Why a text is no day. Never says which text.
    public struct Flaw: ExplainedFlaw, Sendable, Equatable {
        /// What to tell the one who sent it.
        public var explanation: String { "must be a day that exists, as year-month-day: 2027-01-31" }
    }
}

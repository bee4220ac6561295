// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import FoundationEssentials

/// A moment in milliseconds since 1970-01-01T00:00:00Z, the precision that both BSON dates and our texts keep.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Milliseconds since the Unix epoch, leap seconds not counted.
    public let millisecondsSinceEpoch: Int64

    /// The moment that many milliseconds after the Unix epoch.
    public init(millisecondsSinceEpoch: Int64) { self.millisecondsSinceEpoch = millisecondsSinceEpoch }

    /// The moment of a date, rounded to the nearest millisecond: a date counts in fractions that no millisecond meets.
    public init(_ date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        millisecondsSinceEpoch = Int64(exactly: milliseconds) ?? (milliseconds < 0 ? .min : .max)
    }

    /// The system's wall clock.
    public static func now() -> Timestamp { Timestamp(Date()) }

    /// The same moment as a date.
    public var date: Date { Date(timeIntervalSince1970: Double(millisecondsSinceEpoch) / 1000) }

    /// How long after `earlier` this moment is; negative when it is before.
    public func since(_ earlier: Timestamp) -> Duration {
        .milliseconds(millisecondsSinceEpoch - earlier.millisecondsSinceEpoch)
    }

    /// How long after `earlier` this moment is, in milliseconds; 0 when it is before.
    package func milliseconds(since earlier: Timestamp) -> Int64 {
        let past = earlier.millisecondsSinceEpoch
        let (difference, isTooLong) = millisecondsSinceEpoch.subtractingReportingOverflow(past)
        return earlier >= self ? 0 : isTooLong ? .max : difference
    }

    /// The earlier moment is the smaller.
    public static func < (a: Self, b: Self) -> Bool { a.millisecondsSinceEpoch < b.millisecondsSinceEpoch }
}

// MARK: RFC 3339

extension Timestamp {
    /// RFC 3339 in UTC with milliseconds: `2026-03-01T12:00:00.000Z`.
    public var description: String {
        let (days, milliseconds) = floorDivide(millisecondsSinceEpoch, by: 86_400_000)
        let (year, month, day) = civilDate(daysSinceEpoch: days)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        func append(_ number: Int64, digits: Int, then separator: Unicode.Scalar) {
            var divisor: Int64 = 1
            for _ in 1..<digits { divisor *= 10 }
            while divisor > 0 {
                text.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
                divisor /= 10
            }
            text.append(UInt8(ascii: separator))
        }
        append(max(0, min(year, 9999)), digits: 4, then: "-")
        append(month, digits: 2, then: "-")
        append(day, digits: 2, then: "T")
        append(milliseconds / 3_600_000, digits: 2, then: ":")
        append(milliseconds / 60_000 % 60, digits: 2, then: ":")
        append(milliseconds / 1000 % 60, digits: 2, then: ".")
        append(milliseconds % 1000, digits: 3, then: "Z")
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads RFC 3339 (§5.6) with any offset; digits beyond the millisecond are dropped.
    ///
    /// - Returns: `nil` for anything else, including dates that do not exist.
    public init?(rfc3339 text: some StringProtocol) { self.init(rfc3339: String(text)) }

    /// Reads RFC 3339 (§5.6) with any offset; digits beyond the millisecond are dropped.
    ///
    /// - Returns: `nil` for anything else, including dates that do not exist.
    public init?(rfc3339 text: String) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.number(2), reader.skip(":"), let minute = reader.number(2), reader.skip(":"),
            let second = reader.number(2),
            (1...12).contains(month), day >= 1, day <= daysIn(month: month, year: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var milliseconds: Int64 = 0
        if reader.skip(".") {
            guard let fraction = reader.fraction() else { return nil }
            milliseconds = fraction
        }
        var offset: Int64 = 0
        if !reader.skip("Z") && !reader.skip("z") {
            let isNegative = reader.skip("-")
            guard isNegative || reader.skip("+"), let hours = reader.number(2), reader.skip(":"),
                let minutes = reader.number(2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * 60_000 * (isNegative ? -1 : 1)
        }
        guard reader.isAtEnd else { return nil }
        let days = daysSinceEpoch(year: year, month: month, day: day)
        // A leap second counts as the second before it: Unix time has no place for it.
        let seconds = hour * 3600 + minute * 60 + min(second, 59)
        self.init(millisecondsSinceEpoch: days * 86_400_000 + seconds * 1000 + milliseconds - offset)
    }
}

/// Encoded as a date, so that each format uses its own kind of date.
extension Timestamp: Codable {
    /// Reads a date.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(Date.self))
    }

    /// Writes a date.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(date)
    }
}

private struct DigitReader {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ separator: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: separator) else { return false }
        position += 1
        return true
    }

    private mutating func digit() -> Int64? {
        guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) else {
            return nil
        }
        position += 1
        return Int64(bytes[position - 1] - UInt8(ascii: "0"))
    }

    mutating func number(_ digits: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// One digit or more after the point, as milliseconds.
    mutating func fraction() -> Int64? {
        guard let tenths = digit() else { return nil }
        var milliseconds = tenths * 100
        var weight: Int64 = 10
        while let next = digit() {
            milliseconds += next * weight
            weight /= 10
        }
        return milliseconds
    }
}

// Days and dates of the proleptic Gregorian calendar, after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".

private func floorDivide(_ a: Int64, by b: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
}

private func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(daysSinceEpoch + 719_468, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

private func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
    let (era, yearOfEra) = floorDivide(month <= 2 ? year - 1 : year, by: 400)
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func daysIn(month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

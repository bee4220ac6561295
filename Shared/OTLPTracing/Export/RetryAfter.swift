// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// `Retry-After` (RFC 9110 §10.2.3).
enum RetryAfter {
    /// Longer waits count as this one.
    static let maximum = Duration.seconds(300)

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads seconds or a date; `nil` for anything else.
    static func parse(_ text: String, now: Timestamp = .now()) -> Duration? {
        if let seconds = UInt32(text) { return min(.seconds(Int(seconds)), maximum) }
        guard let date = date(text) else { return nil }
        return min(max(.zero, date.since(now)), maximum)
    }

    /// An `IMF-fixdate`, the only form that may be sent (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}

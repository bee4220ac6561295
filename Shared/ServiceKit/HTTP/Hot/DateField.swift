// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The `Date` of answers (RFC 9110 §6.6.1), written once a second.
final class DateField: Sendable {
    private struct State {
        var second: Int64 = .min
        var text = ""
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private let state = Mutex(State())
    private let calendar: Calendar

    init() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        self.calendar = calendar
    }

    /// Now, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    var text: String {
        let now = Date()
        let second = Int64(now.timeIntervalSince1970)
        return state.withLock { state in
            if state.second != second { state = State(second: second, text: text(at: now)) }
            return state.text
        }
    }

    func text(at date: Date) -> String {
        let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute, .second], from: date)
        func twoDigits(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        let day = "\(Self.days[(parts.weekday ?? 1) - 1]), \(twoDigits(parts.day))"
        let month = "\(Self.months[(parts.month ?? 1) - 1]) \(parts.year ?? 0)"
        return "\(day) \(month) \(twoDigits(parts.hour)):\(twoDigits(parts.minute)):\(twoDigits(parts.second)) GMT"
    }
}

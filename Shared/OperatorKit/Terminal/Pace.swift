// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How fast something goes, and how long the rest takes.
struct Pace {
    private let start = ContinuousClock.now
    private let first: Int

    /// - Parameter done: what was done before, which says nothing about the pace.
    init(from done: Int = 0) { first = done }

    /// How far some work on commits is: `verified 4,000 of 12,000 commits, 2,000/s, 4 s left`.
    func text(_ what: String, _ done: Int, of total: Int) -> String {
        let left = remaining(done, of: total).map { ", \($0) left" } ?? ""
        return "\(what) \(done.grouped) of \(total.grouped) commits, \(rate(done).grouped)/s\(left)"
    }

    /// Done a second, on average.
    func rate(_ done: Int) -> Int {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return seconds > 0.05 ? Int(Double(done - first) / seconds) : 0
    }

    /// Time left, such as `3 min 20 s`; `nil` as long as nobody can tell.
    func remaining(_ done: Int, of total: Int) -> String? {
        let rate = rate(done)
        guard rate > 0, total > done else { return nil }
        let seconds = (total - done + rate - 1) / rate
        return seconds < 60
            ? "\(seconds) s"
            : seconds < 3600
                ? "\(seconds / 60) min \(seconds % 60) s"
                : "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}

extension Int {
    /// With commas between the thousands.
    var grouped: String {
        var digits = String(magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import HTTPTypes

/// `Prefer: wait=10` (RFC 7240 §4.3): for how many seconds a client is ready to wait for what is not there yet.
public struct WaitPreference: Sendable, Hashable, Comparable {
    /// Whole seconds, at least 0.
    public let seconds: Int

    /// States a preference.
    public init(seconds: Int) {
        precondition(seconds >= 0)
        self.seconds = seconds
    }

    /// Reads a request's preference. Of several the first counts (RFC 7240 §2), and one that makes no sense is none.
    public init?(_ headers: HTTPFields) {
        for field in headers[values: .prefer] {
            for preference in field.split(separator: ",") {
                // Parameters behind a semicolon have no meaning for this preference.
                let parts = preference.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
                    .map { $0.drop(while: \.isSpace).reversed().drop(while: \.isSpace).reversed() }
                guard parts.count == 2, String(parts[0]).lowercased() == "wait" else { continue }
                var digits = String(parts[1])[...]
                if digits.count >= 2, digits.first == "\"", digits.last == "\"" {
                    digits = digits.dropFirst().dropLast()
                }
                guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
                // More seconds than fit are many.
                seconds = Int(digits) ?? .max
                return
            }
        }
        return nil
    }

    /// As in `Preference-Applied`.
    public var text: String { "wait=\(seconds)" }

    /// As a time.
    public var duration: Duration { .seconds(seconds) }

    /// The shorter wait is the smaller.
    public static func < (a: Self, b: Self) -> Bool { a.seconds < b.seconds }
}

extension Character {
    fileprivate var isSpace: Bool { self == " " || self == "\t" }
}

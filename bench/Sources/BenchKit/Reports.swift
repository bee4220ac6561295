// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Foundation

/// What a program prints when it has measured: one JSON object on one line of standard output.
public protocol Report: Codable, Sendable {}

extension Report {
    /// Prints it.
    public func printLine() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        print(String(decoding: try encoder.encode(self), as: UTF8.self))
    }

    /// Reads it from what a program printed.
    public init(line: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(line.utf8))
    }
}

/// How often something was done in some time.
public struct RateReport: Report {
    /// How often it was done.
    public let operations: Int
    /// How long that took.
    public let seconds: Double

    /// Notes what was measured.
    public init(operations: Int, in time: Duration) {
        self.operations = operations
        seconds = time / .seconds(1)
    }

    /// Operations a second.
    public var rate: Double { Double(operations) / seconds }
}

/// What came of a load.
public struct LoadReport: Report {
    /// Requests that were answered as they should be.
    public let succeeded: Int
    /// Commands that were refused because of what there is, which for these is no failure.
    public let refused: Int
    /// All others.
    public let failed: Int
    /// The time from the first request to the last answer.
    public let seconds: Double
    /// Milliseconds from when a request was due, or in a closed loop from when it was sent, to its answer.
    public let latency: Percentiles
    /// Milliseconds from the answer to a command until what it did was visible.
    public let visible: Percentiles?

    /// Notes what was measured.
    public init(
        succeeded: Int, refused: Int = 0, failed: Int, in time: Duration, latency: Percentiles,
        visible: Percentiles? = nil
    ) {
        self.succeeded = succeeded
        self.refused = refused
        self.failed = failed
        seconds = time / .seconds(1)
        self.latency = latency
        self.visible = visible
    }

    /// Requests that succeeded a second.
    public var rate: Double { Double(succeeded) / seconds }
}

/// A distribution of times in milliseconds.
public struct Percentiles: Codable, Sendable {
    /// The median.
    public let p50: Double
    /// Exceeded by one in ten.
    public let p90: Double
    /// Exceeded by one in a hundred.
    public let p99: Double
    /// Exceeded by one in a thousand.
    public let p999: Double
    /// The longest.
    public let max: Double

    /// Notes a distribution.
    public init(p50: Double, p90: Double, p99: Double, p999: Double, max: Double) {
        self.p50 = p50
        self.p90 = p90
        self.p99 = p99
        self.p999 = p999
        self.max = max
    }
}

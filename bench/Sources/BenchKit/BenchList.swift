// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A stock list made up for a measurement.
public struct BenchList: Sendable {
    /// Where lists are begun.
    public static let collection = "/api/v1/inventory/lists"
    /// What begins one.
    public static let json = #"{"customer":"Bench","expiresOn":"2099-12-31"}"#

    /// Where its lines are.
    public let lines: String

    /// A list that there is.
    ///
    /// - Parameter id: what the answer said that began it.
    public init(id: String) { lines = "\(Self.collection)/\(id)/lines" }

    /// What adds a line.
    public static func line(_ prefix: String, _ number: Int) -> String {
        #"{"product":"\#(prefix)-\#(number)","quantity":1}"#
    }
}

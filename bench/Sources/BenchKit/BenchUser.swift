// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A user made up for a measurement: the same prefix and number give the same user in every program.
public struct BenchUser: Sendable {
    /// The address, unique in prefix and number.
    public let email: String
    /// What registers the user.
    public let json: String

    /// Makes up a user.
    ///
    /// - Parameter prefix: letters and digits.
    public init(_ prefix: String, _ number: Int) {
        email = "\(prefix)-\(number)@bench.example"
        json = #"{"name":"User \#(number)","email":"\#(prefix)-\#(number)@bench.example"}"#
    }
}

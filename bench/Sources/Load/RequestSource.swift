// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import BenchKit

/// What is asked for, one request after the other.
struct RequestSource: ParsableArguments {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        /// Registers users that nobody has registered before.
        case post
        /// Asks for each user once.
        case getEach = "get-each"
        /// Asks for users at random.
        case getRandom = "get-random"
    }

    @Argument(help: "What to ask for: \(Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
    var kind: Kind

    @Option(help: "What the addresses of the users begin with.")
    var prefix: String

    @Option(help: "The number of the first user.")
    var first = 0

    @Option(help: "How many users there are to ask for at random.")
    var users = 100

    func validate() throws {
        guard users >= 1 else { throw ValidationError("--users must be at least 1") }
    }

    /// The request of this number, from 0.
    func request(_ number: Int) -> [UInt8] {
        switch kind {
        case .post: HTTPRequest.post(BenchUser(prefix, first + number))
        case .getEach: HTTPRequest.get(BenchUser(prefix, first + number))
        case .getRandom: HTTPRequest.get(BenchUser(prefix, first + .random(in: 0..<users)))
        }
    }

    /// Whether this is what should have been answered.
    func isRight(_ status: Int) -> Bool { status == (kind == .post ? 202 : 200) }
}

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
        /// Asks for users at random, by GraphQL.
        case queryRandom = "query-random"
        /// Clicks on animes at random.
        case click
        /// Takes items in that nobody has taken in before.
        case createItem = "create-item"
        /// Takes items out of stock.
        case adjust
        /// Adds lines to a stock list.
        case addLine = "add-line"

        /// Whether it changes something.
        var isCommand: Bool {
            switch self {
            case .post, .click, .createItem, .adjust, .addLine: true
            case .getEach, .getRandom, .queryRandom: false
            }
        }
    }

    @Argument(help: "What to ask for: \(Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
    var kind: Kind

    @Option(help: "What the addresses of the users, the SKUs of the items or the products on the list begin with.")
    var prefix: String

    @Option(help: "The number of the first of these.")
    var first = 0

    @Option(help: "How many adjustments are of one item before the next one has its turn.")
    var each = 1

    @Option(help: "Among how many animes to choose.")
    var animes = 1

    @Option(help: "The identifier of the list to add lines to.")
    var list = ""

    @Option(help: "How many users there are to ask for at random.")
    var users = 100

    func validate() throws {
        guard users >= 1, each >= 1, animes >= 1 else {
            throw ValidationError("--users, --each and --animes must be at least 1")
        }
        if kind == .addLine, list.isEmpty { throw ValidationError("add-line wants a --list") }
    }

    /// The request of this number, from 0.
    func request(_ number: Int) -> [UInt8] {
        switch kind {
        case .post: HTTPRequest.post(BenchUser(prefix, first + number))
        case .getEach: HTTPRequest.get(BenchUser(prefix, first + number))
        case .getRandom: HTTPRequest.get(BenchUser(prefix, first + .random(in: 0..<users)))
        case .queryRandom: HTTPRequest.query(BenchUser(prefix, first + .random(in: 0..<users)))
        case .click: HTTPRequest.post(BenchClick.path, BenchClick.json(prefix, animes: animes))
        case .createItem: HTTPRequest.post(BenchItem.collection, BenchItem(prefix, first + number).json)
        case .adjust: HTTPRequest.post("\(item(number).path)/adjust", BenchItem.adjustment)
        case .addLine: HTTPRequest.post(BenchList(id: list).lines, BenchList.line(prefix, first + number))
        }
    }

    /// The request that shows what the command of this number did, once the read model has that version.
    func query(_ number: Int, minVersion: String) -> [UInt8] {
        let path =
            switch kind {
            case .post, .click, .getEach, .getRandom, .queryRandom: "/users/\(BenchUser(prefix, first + number).email)?"
            case .createItem: "\(BenchItem(prefix, first + number).path)?"
            case .adjust: "\(item(number).path)?"
            // All lines up to that version are there, and one is enough to say so.
            case .addLine: "\(BenchList(id: list).lines)?limit=1&"
            }
        return HTTPRequest.get("\(path)minVersion=\(minVersion)")
    }

    private func item(_ number: Int) -> BenchItem { BenchItem(prefix, first + number / each) }

    /// Whether this is what should have been answered.
    func isRight(_ status: Int) -> Bool { status == (kind.isCommand ? 202 : 200) }
}

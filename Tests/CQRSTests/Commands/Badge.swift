// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS

/// A context made for these tests: badges, each with a name that no other badge has.
enum BadgeEvent: DomainEvent {
    case issued(String)
    case renamed(String)
    case revoked

    var type: String {
        switch self {
        case .issued: "badge.issued"
        case .renamed: "badge.renamed"
        case .revoked: "badge.revoked"
        }
    }

    var schema: Int { 1 }

    func encoded() -> [UInt8] {
        switch self {
        case .issued(let name), .renamed(let name): Array(#"{"name":"\#(name)"}"#.utf8)
        case .revoked: Array("{}".utf8)
        }
    }

    static func decode(latest event: RecordedEvent) throws(MalformedEvent) -> BadgeEvent {
        switch event.type {
        case "badge.issued": .issued(try EventData(event).string("name"))
        case "badge.renamed": .renamed(try EventData(event).string("name"))
        case "badge.revoked": .revoked
        default: throw MalformedEvent(.unknownType, "type")
        }
    }
}

enum BadgeDecider: Decider {
    enum State: Sendable, Equatable {
        case blank
        case named(String)
        case revoked
    }

    enum Command: Sendable {
        case issue(String)
        case rename(String)
        case revoke
    }

    enum Rejection: Error, Equatable {
        case nameTaken
        case noSuchBadge
    }

    static let initialState = State.blank

    static func decide(_ command: Command, _ state: State) throws(Rejection) -> [BadgeEvent] {
        switch (command, state) {
        case (.issue(let name), .blank): return [.issued(name)]
        case (.rename(let name), .named(let old)): return name == old ? [] : [.renamed(name)]
        case (.revoke, .named): return [.revoked]
        default: throw .noSuchBadge
        }
    }

    static func evolve(_ state: State, _ event: BadgeEvent) -> State {
        switch event {
        case .issued(let name), .renamed(let name): .named(name)
        case .revoked: .revoked
        }
    }

    static func claims(of state: State) -> Set<Claim> {
        if case .named(let name) = state { [claim(name)] } else { [] }
    }

    static func rejection(taken claim: Claim) -> Rejection { .nameTaken }

    static func claim(_ name: String) -> Claim { Claim("badge", name) }
}

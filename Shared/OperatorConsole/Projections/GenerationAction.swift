// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Hummingbird
internal import ServiceKit

/// What can be done about the generations of a read model. What cannot be undone names its generation, so that nobody
/// removes another one than they saw.
enum GenerationAction: Sendable, Equatable {
    /// Make a new one and switch to it, or go on with what was begun.
    case rebuild
    /// Switch to the other complete one.
    case rollBack(to: Generation)
    /// Remove the one that does not serve.
    case finish(Generation)
    /// Remove the one that is being made.
    case cancel(Generation)

    /// As it is called in paths and in the record of actions.
    var name: String {
        switch self {
        case .rebuild: "rebuild"
        case .rollBack: "rollback"
        case .finish: "finish"
        case .cancel: "cancel"
        }
    }

    /// Reads an order: its name from the path, and from the body `{"generation": 2}` where one has to be named.
    ///
    /// - Returns: `nil` for a name that is none.
    /// - Throws: 400, 413, 415, 422.
    init?(_ name: String, _ request: Request) async throws {
        let make: (Generation) -> Self
        switch name {
        case "rebuild":
            self = .rebuild
            return
        case "rollback": make = Self.rollBack
        case "finish": make = Self.finish
        case "cancel": make = Self.cancel
        default: return nil
        }
        var fields = try await request.readJSONFields(upTo: 1 << 10)
        let number = fields.integer("generation", in: 1 ... .max)
        try fields.finish()
        // Without a number the fields have been refused.
        guard let number else { return nil }
        self = make(Generation(number))
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import ArgumentParser
internal import CQRS

/// A read model, by the name that an operator gives on the command line.
struct ReadModelName<Owner: ReadModelOwner>: ExpressibleByArgument {
    let projection: any Projection.Type

    /// The one that is meant where nobody says which.
    static var first: ReadModelName { ReadModelName(projection: Owner.readModels[0]) }

    private init(projection: any Projection.Type) { self.projection = projection }

    init?(argument: String) {
        guard let projection = Owner.readModels.first(where: { $0.name == argument }) else { return nil }
        self.projection = projection
    }

    /// The read model's permanent name.
    var name: String { projection.name }

    var defaultValueDescription: String { name }

    static var allValueStrings: [String] { Owner.readModels.map { $0.name } }

    /// How an argument for one is explained.
    static var help: ArgumentHelp { "The read model: \(allValueStrings.joined(separator: ", "))." }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import Users

/// The read models there are, by the names that an operator gives on the command line.
enum ReadModelName: String, CaseIterable, ExpressibleByArgument {
    case users

    /// The permanent name: of the collection, of the queue, in the registry.
    var name: String {
        switch self {
        case .users: Users.name
        }
    }
}

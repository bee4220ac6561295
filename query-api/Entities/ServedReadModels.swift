// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Synchronization

/// The read models that the query API serves, for who is concerned with all of them.
final class ServedReadModels: Sendable {
    private let projections = Mutex<[any Projection.Type]>([])

    /// All of them, in the order in which they came.
    var all: [any Projection.Type] { projections.withLock { $0 } }

    /// Adds one, unless it is there.
    func add(_ projection: any Projection.Type) {
        projections.withLock { projections in
            if !projections.contains(where: { $0.name == projection.name }) { projections.append(projection) }
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Synchronization
import TestSupport
import Users

/// A read model whose database can go away.
final class SwitchedReadModel: ReadModel {
    struct Away: CategorizedError {
        var category: FailureCategory { .unavailable }
    }

    let isAway = Switch()
    private let users: InMemoryReadModel<UserDocument>

    init(_ users: InMemoryReadModel<UserDocument>) { self.users = users }

    func prepare() async throws {}

    func load(_ streams: Set<StreamID>) async throws -> [StreamID: UserDocument] {
        if isAway.isSet { throw Away() }
        return await users.load(streams)
    }

    func write(_ changes: [ReadModelChange<UserDocument>]) async throws -> Set<StreamID> { await users.write(changes) }

    func first(where field: ReadModelField<UserDocument>, equals value: String) async throws -> UserDocument? {
        if isAway.isSet { throw Away() }
        return await users.first(where: field, equals: value)
    }
}

/// Something that can be set once.
final class Switch: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What can happen to a stock list.
public enum ListEvent: Sendable, Equatable {
    /// There is a new list.
    case created(ListCreated)
    /// The list has one more line.
    case lineAdded(LineAdded)
    /// The list was removed.
    case deleted(ListDeleted)

    /// The list.
    public var id: UUIDv7 {
        switch self {
        case .created(let list): list.id
        case .lineAdded(let line): line.id
        case .deleted(let list): list.id
        }
    }
}

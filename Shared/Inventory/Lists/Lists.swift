// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The names under which stock lists are known outside. They are stored and sent: they never change.
public enum Lists {
    /// The category of their streams: `list-<uuid>`.
    public static let streamCategory = "list"

    /// Which events their read models subscribe to, as AMQP topic patterns.
    public static let eventPatterns = ["inventory.lists.*"]

    /// The stream of one list.
    public static func stream(of id: UUIDv7) -> StreamID { StreamID(category: streamCategory, id: id) }
}

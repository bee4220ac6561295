// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The names under which stock lists are known outside. They are stored and sent: they never change.
public enum Lists {
    /// The read model of summaries, and its collection.
    public static let name = "inventory_lists"

    /// The read model of lists with their lines, and its collection.
    public static let linesName = "inventory_list_lines"

    /// The category of their streams: `list-<uuid>`.
    public static let streamCategory = "list"

    /// Which events their read models subscribe to, as an AMQP topic pattern.
    public static let eventPattern = "inventory.lists.*"

    /// The stream of one list.
    public static func stream(of id: UUIDv7) -> StreamID { StreamID(category: streamCategory, id: id) }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension Metric {
    /// Who meets on one item, of who meets on many.
    static func reserved(items: Int) -> Metric {
        let name = "reserve, release, confirm, items: \(items)"
        return items == 1
            ? Metric(name, .perSecond, of: reserved(items: Subject.manyItems))
            : Metric(name, .perSecond, of: hummingbirdPosts, inserts(threads: 2))
    }
    static func refused(items: Int) -> Metric { Metric("reservations refused, items: \(items)", .perSecond) }

    /// A long stream, of a short one.
    ///
    /// - Parameter events: how many the stream has.
    private static func stream(_ what: String, _ unit: Unit, events: Int) -> Metric {
        let name = "\(what), stream of \(events) events"
        return events == Subject.fewEvents
            ? Metric(name, unit) : Metric(name, unit, of: stream(what, unit, events: Subject.fewEvents))
    }
    static func warmCommand(events: Int) -> Metric { stream("command, p50", .milliseconds, events: events) }
    static func warmCommands(events: Int) -> Metric { stream("commands, 8 clients", .perSecond, events: events) }
    static func coldCommand(events: Int) -> Metric { stream("first command, p50", .milliseconds, events: events) }

    /// The last lines of a list, of the first.
    static func lineAdded(_ part: ListPart) -> Metric { line("line added, p50", part) }
    static func lineVisible(_ part: ListPart) -> Metric { line("line visible, p50", part) }
    private static func line(_ what: String, _ part: ListPart) -> Metric {
        let name = "\(what), \(part.rawValue)"
        return part == .firstTenth
            ? Metric(name, .milliseconds) : Metric(name, .milliseconds, of: line(what, .firstTenth))
    }
    static let linesBetween = Metric("lines accepted in between", .perSecond)

    enum ListPart: String {
        case firstTenth = "first tenth"
        case lastTenth = "last tenth"
    }
}

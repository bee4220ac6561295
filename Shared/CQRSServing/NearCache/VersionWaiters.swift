// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import Synchronization

/// Those who wait until a document has a version: woken by whoever hears of it, so that thousands cost nothing while they
/// wait.
final class VersionWaiters<Document: ReadModelDocument>: Sendable {
    /// What somebody waits for.
    enum Target: Hashable {
        /// A stream's document.
        case stream(StreamID)
        /// The document of whichever stream has this key.
        case key(String)

        var isKey: Bool { if case .key = self { true } else { false } }
    }

    /// One who waits.
    struct Ticket: Hashable {
        fileprivate let target: Target
        fileprivate let number: UInt64
    }

    private struct Waiter {
        let version: Int64
        var continuation: CheckedContinuation<Document?, Never>?
    }

    private struct State {
        var waiters: [Target: [UInt64: Waiter]] = [:]
        /// Woken before they waited.
        var woken: [UInt64: Document] = [:]
        var count = 0
        var next: UInt64 = 0
        /// What was told of streams that somebody waits for, to be looked at.
        var told: [StreamID: ChangeNotice] = [:]

        mutating func remove(_ ticket: Ticket) -> Waiter? {
            guard let waiter = waiters[ticket.target]?.removeValue(forKey: ticket.number) else { return nil }
            if waiters[ticket.target]?.isEmpty == true { waiters[ticket.target] = nil }
            count -= 1
            return waiter
        }

        mutating func wake(_ target: Target, _ document: Document) -> [CheckedContinuation<Document?, Never>] {
            guard let candidates = waiters[target] else { return [] }
            var continuations: [CheckedContinuation<Document?, Never>] = []
            for (number, waiter) in candidates where waiter.version <= document.version {
                _ = remove(Ticket(target: target, number: number))
                if let continuation = waiter.continuation {
                    continuations.append(continuation)
                } else {
                    woken[number] = document
                }
            }
            return continuations
        }
    }

    private let state = Mutex(State())
    private let arrival = Wakeup()
    private let toldArrival = Wakeup()

    /// How many wait.
    var count: Int { state.withLock { $0.count } }

    /// Begins to listen. Look at the read model *afterwards*, then wait; in the end ``remove(_:)``.
    ///
    /// - Parameter version: the lowest that will do.
    func add(_ target: Target, version: Int64) -> Ticket {
        let ticket = state.withLock { state in
            state.next += 1
            state.count += 1
            state.waiters[target, default: [:]][state.next] = Waiter(version: version)
            return Ticket(target: target, number: state.next)
        }
        arrival.notify()
        return ticket
    }

    /// Stops listening. Harmless when it has been woken.
    func remove(_ ticket: Ticket) {
        let waiter = state.withLock { state in
            state.woken[ticket.number] = nil
            return state.remove(ticket)
        }
        waiter?.continuation?.resume(returning: nil)
    }

    /// Waits for what was added. Call it once.
    ///
    /// - Returns: the document that woke it; `nil` at the deadline or when the task is cancelled.
    func wait(_ ticket: Ticket, until deadline: ContinuousClock.Instant) async -> Document? {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Ends early only when the group is cancelled; the waiter is gone by then.
                try? await Task.sleep(until: deadline, clock: .continuous)
                self.remove(ticket)
            }
            defer { group.cancelAll() }
            return await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let answer: Document?? = state.withLock { state in
                        if let document = state.woken.removeValue(forKey: ticket.number) { return .some(document) }
                        guard state.waiters[ticket.target]?[ticket.number] != nil else { return .some(nil) }
                        state.waiters[ticket.target]?[ticket.number]?.continuation = continuation
                        return nil
                    }
                    if let answer { continuation.resume(returning: answer) }
                    if Task.isCancelled { remove(ticket) }
                }
            } onCancel: {
                remove(ticket)
            }
        }
    }

    /// Wakes whoever waits for this.
    func changed(_ stream: StreamID, key: String?, _ document: Document) {
        let woken = state.withLock { state in
            guard state.count > 0 else { return [CheckedContinuation<Document?, Never>]() }
            var woken = state.wake(.stream(stream), document)
            if let key { woken += state.wake(.key(key), document) }
            return woken
        }
        for continuation in woken { continuation.resume(returning: document) }
    }

    // MARK: For a look on behalf of all

    /// Streams have changed: those that somebody waits for are to be looked at.
    func told(_ notices: [ChangeNotice]) {
        let isAwaited = state.withLock { state in
            guard state.count > 0 else { return false }
            var isAwaited = false
            for notice in notices where state.waiters[.stream(notice.stream)] != nil {
                isAwaited = true
                // One that was put back comes after a later one.
                if let later = state.told[notice.stream]?.age, let age = notice.age, age < later { continue }
                state.told[notice.stream] = notice
            }
            return isAwaited
        }
        if isAwaited { toldArrival.notify() }
    }

    /// Waits until something is to be looked at, or the task is cancelled.
    func someoneTold() async {
        await toldArrival.wait { state.withLock { !$0.told.isEmpty } }
    }

    /// What is to be looked at, up to a thousand; the rest the next time.
    func takeTold() -> [ChangeNotice] {
        state.withLock { state in
            let taken = Array(state.told.values.prefix(1000))
            for notice in taken { state.told[notice.stream] = nil }
            return taken
        }
    }

    /// Waits until somebody waits, or the task is cancelled.
    func someone() async {
        await arrival.wait { count > 0 }
    }

    /// What is waited for, each once.
    var targets: [Target] { state.withLock { Array($0.waiters.keys) } }
}

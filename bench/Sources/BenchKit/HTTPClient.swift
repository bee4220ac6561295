// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CWait
internal import DequeModule
internal import Glibc

/// Sends requests to servers on this machine over connections that are kept, one request at a time on each, all on the
/// thread that calls it.
public final class HTTPClient {
    /// One of the servers.
    public struct Target: Sendable {
        fileprivate let index: Int
    }

    /// What came of a request.
    public struct Completion {
        /// From when on the answer was waited for.
        public let since: ContinuousClock.Instant
        /// When the answer was there.
        public let at: ContinuousClock.Instant
        /// What the caller recognises the request by.
        public let tag: Int
        /// The answer's status; 0 when there was none.
        public let status: Int
        /// The answer's body.
        public let body: ArraySlice<UInt8>
    }

    private struct Exchange {
        let request: [UInt8]
        let since: ContinuousClock.Instant
        let tag: Int

        func completed(_ status: Int, _ body: ArraySlice<UInt8> = []) -> Completion {
            Completion(since: since, at: .now, tag: tag, status: status, body: body)
        }
    }

    private struct Server {
        let port: Int
        let maxConnections: Int
        var connections = 0
        /// The slots of connections without a request, the one used last at the end.
        var idle: [Int] = []
        var waiting: Deque<Exchange> = []
    }

    private struct Slot {
        var connection: Connection?
        var server = 0
        var exchange: Exchange?
    }

    private var servers: [Server] = []
    private var slots: [Slot] = []
    /// One for each slot; poll(2) passes over those below zero.
    private var descriptors: [pollfd] = []
    /// Requests that failed before anything could be waited for.
    private var failures: [Completion] = []
    /// Requests without an answer, sent or not.
    public private(set) var pending = 0

    /// A client without a server.
    public init() {}

    /// Adds a server; connections are made when they are needed.
    public func add(port: Int, maxConnections: Int) -> Target {
        servers.append(Server(port: port, maxConnections: maxConnections))
        return Target(index: servers.count - 1)
    }

    /// Sends a request as soon as there is a connection for it.
    ///
    /// - Parameters:
    ///   - since: from when on the answer is waited for.
    ///   - tag: whatever the caller recognises the request by.
    public func submit(_ request: [UInt8], to target: Target, since: ContinuousClock.Instant, tag: Int = 0) {
        pending += 1
        servers[target.index].waiting.append(Exchange(request: request, since: since, tag: tag))
        sendWaiting(target.index)
    }

    /// Waits until there are answers or the time is over, and hands over what there is. Who gets one may submit more.
    public func wait(until deadline: ContinuousClock.Instant, _ handle: (Completion) -> Void) {
        var left = Int64(max(.zero, min(deadline - .now, .seconds(1))) / .nanoseconds(1))
        if !failures.isEmpty { left = 0 }
        let ready = unsafe cwait_poll(&descriptors, nfds_t(descriptors.count), left)
        if ready > 0 {
            // Whoever is handed an answer may add connections: these have nothing to tell yet.
            for slot in 0..<descriptors.count where descriptors[slot].revents != 0 {
                descriptors[slot].revents = 0
                if let completion = receive(slot) { finish(completion, handle) }
            }
        }
        while let failure = failures.popLast() { finish(failure, handle) }
    }

    private func finish(_ completion: Completion, _ handle: (Completion) -> Void) {
        pending -= 1
        handle(completion)
    }

    private func receive(_ index: Int) -> Completion? {
        guard let connection = slots[index].connection else { return nil }
        let server = slots[index].server
        do {
            guard let answer = try connection.receive() else { return nil }
            // The server says nothing unasked; if it does, this connection is of no more use.
            guard let exchange = slots[index].exchange else { throw UnexpectedAnswer() }
            slots[index].exchange = nil
            servers[server].idle.append(index)
            sendWaiting(server)
            return exchange.completed(answer.status, answer.body)
        } catch {
            // Servers close what has been idle for long: nobody's request has failed then.
            let exchange = slots[index].exchange
            remove(index)
            sendWaiting(server)
            return exchange?.completed(0)
        }
    }

    private func sendWaiting(_ server: Int) {
        while !servers[server].waiting.isEmpty, let slot = connection(to: server) {
            let exchange = servers[server].waiting.removeFirst()
            do {
                guard let connection = slots[slot].connection else { throw UnexpectedAnswer() }
                try connection.send(exchange.request)
                slots[slot].exchange = exchange
            } catch {
                remove(slot)
                failures.append(exchange.completed(0))
            }
        }
    }

    /// An idle connection, or a new one; `nil` when there must not be more.
    private func connection(to server: Int) -> Int? {
        if let slot = servers[server].idle.popLast() { return slot }
        guard servers[server].connections < servers[server].maxConnections else { return nil }
        guard let connection = try? Connection(port: servers[server].port) else {
            // With nobody there, all that wait have failed.
            failures += servers[server].waiting.map { $0.completed(0) }
            servers[server].waiting = []
            return nil
        }
        servers[server].connections += 1
        let slot = slots.firstIndex { $0.connection == nil } ?? slots.count
        if slot == slots.count {
            slots.append(Slot())
            descriptors.append(pollfd())
        }
        slots[slot] = Slot(connection: connection, server: server)
        descriptors[slot] = pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
        return slot
    }

    private func remove(_ slot: Int) {
        let server = slots[slot].server
        servers[server].connections -= 1
        servers[server].idle.removeAll { $0 == slot }
        slots[slot] = Slot()
        descriptors[slot].fd = -1
    }
}

private struct UnexpectedAnswer: Error {}

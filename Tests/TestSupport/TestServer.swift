// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Foundation
import Synchronization

/// A RabbitMQ or MongoDB server of a test's own, to be killed, frozen and restarted at will.
public struct TestServer: Sendable {
    /// What kinds there are.
    public enum Kind: String, Sendable {
        /// The broker.
        case rabbitmq
        /// The database, a replica set of one.
        case mongod
    }

    /// What it is.
    public let kind: Kind
    /// Its port on 127.0.0.1.
    public let port: Int
    private let folder: URL

    /// Describes a server that is not running yet.
    public init(_ kind: Kind, in folder: URL) {
        self.kind = kind
        self.folder = folder
        port = freePort()
    }

    /// Starts it and waits until it is ready.
    public func start() async throws { try await control("start", "\(port)") }
    /// Stops it in order.
    public func stop() async throws { try await control("stop") }
    /// Kills it with SIGKILL.
    public func kill() async throws { try await control("kill") }
    /// Freezes it: connections stay, answers do not come.
    public func pause() async throws { try await control("pause") }
    /// Ends the freeze.
    public func resume() async throws { try await control("resume") }

    /// Runs RabbitMQ's command line tool on it.
    @discardableResult
    public func rabbitmqctl(_ arguments: String...) async throws -> String { try await rabbitmqctl(arguments) }

    /// Runs RabbitMQ's command line tool on it.
    @discardableResult
    public func rabbitmqctl(_ arguments: [String]) async throws -> String {
        try await succeed(Self.script, ["rabbitmqctl", folder.path] + arguments)
    }

    private func control(_ action: String, _ arguments: String...) async throws {
        try await succeed(Self.script, [action, kind.rawValue, folder.path] + arguments)
    }

    private static let script = packageRoot.appending(path: "scripts/servers").path
}

/// The folder that holds Package.swift.
public let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// A port on 127.0.0.1 that nothing listens on at this moment.
///
/// It is below the range that Linux hands out by itself (from 32,768), and so is the one 20,000 above it, which a broker
/// takes as well. No port is given twice: nobody need listen on it yet. `TEST_PORTS` has another range, such as `10000-11000`, for
/// tests that run beside others.
public func freePort() -> Int {
    while true {
        let port = Int.random(in: ports)
        let isNew = givenPorts.withLock { $0.insert(port).inserted }
        if isNew && isFree(port) && isFree(port + 20_000) { return port }
    }
}

private let ports: ClosedRange<Int> = {
    guard let range = ProcessInfo.processInfo.environment["TEST_PORTS"] else { return 10_000...12_767 }
    let ends = range.split(separator: "-").compactMap { Int($0) }
    precondition(ends.count == 2 && ends[0] <= ends[1], "TEST_PORTS is not like 10000-11000")
    return ends[0]...ends[1]
}()

private let givenPorts = Mutex<Set<Int>>([])

private func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}

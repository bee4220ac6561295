// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A TCP proxy whose connections can be cut, or left open without passing anything on.
public final class TCPProxy: Sendable {
    private struct State {
        var pairs: [(CInt, CInt)] = []
        var isRefusing = false
        var isStalled = false
        var isClosed = false
        var trigger: (bytes: Int, action: @Sendable (TCPProxy) -> Void)?
    }

    /// Where it listens on 127.0.0.1.
    public let port: UInt16
    private let target: UInt16
    private let listener: CInt
    private let makeFilter: (@Sendable () -> any ByteFilter)?
    private let state = Mutex(State())

    /// Passes everything on to a port on 127.0.0.1.
    ///
    /// - Parameter makeFilter: makes what the server's bytes go through on their way to the client, for each connection.
    public init(target: UInt16, filteringReceived makeFilter: (@Sendable () -> any ByteFilter)? = nil) throws {
        self.target = target
        self.makeFilter = makeFilter
        (listener, port) = try listen()
        let (listener, me) = (listener, self)
        Thread.detachNewThread { me.accept(on: listener) }
    }

    /// Ends all connections at once, without a word (RST), as when a cable is pulled and the peer's host says so.
    public func cut() {
        let pairs = state.withLock { state in
            defer { state.pairs = [] }
            return state.pairs
        }
        for (one, other) in pairs {
            var linger = linger(l_onoff: 1, l_linger: 0)
            for descriptor in [one, other] {
                unsafe setsockopt(
                    descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
                shutdown(descriptor, CInt(SHUT_RDWR))
            }
        }
    }

    /// Whether new connections are cut at once.
    public func setRefusing(_ value: Bool) { state.withLock { $0.isRefusing = value } }

    /// Whether data are held back, in both directions: a network that swallows everything.
    public func setStalled(_ value: Bool) { state.withLock { $0.isStalled = value } }

    /// Acts as soon as clients have sent this many more bytes, before the last of them are passed on.
    public func after(bytes: Int, _ action: @escaping @Sendable (TCPProxy) -> Void) {
        state.withLock { $0.trigger = (bytes, action) }
    }

    private func countSent(_ count: Int) {
        let action = state.withLock { state -> (@Sendable (TCPProxy) -> Void)? in
            guard let (bytes, action) = state.trigger else { return nil }
            state.trigger = bytes > count ? (bytes - count, action) : nil
            return bytes > count ? nil : action
        }
        action?(self)
    }

    /// Whether what ``after(bytes:_:)`` asked for is still to come.
    public var isArmed: Bool { state.withLock { $0.trigger != nil } }

    /// Whether data are held back.
    public var isStalled: Bool { state.withLock { $0.isStalled } }

    /// How many connections pass through it.
    public var connections: Int { state.withLock { $0.pairs.count } }

    /// Cuts everything, and listens no more.
    public func close() {
        state.withLock { $0.isClosed = true }
        cut()
        shutdown(listener, CInt(SHUT_RDWR))
    }

    private func accept(on listener: CInt) {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0, !state.withLock({ $0.isClosed }) else { break }
            guard !state.withLock({ $0.isRefusing }), let server = try? connect(to: target) else {
                _ = Glibc.close(client)
                continue
            }
            state.withLock { $0.pairs.append((client, server)) }
            let shared = Shared(open: 2)
            Thread.detachNewThread { self.copy(from: client, to: server, shared, isSent: true) }
            Thread.detachNewThread { self.copy(from: server, to: client, shared, isSent: false) }
        }
        _ = Glibc.close(listener)
    }

    private func copy(from source: CInt, to target: CInt, _ shared: Shared, isSent: Bool) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var filter = isSent ? nil : makeFilter?()
        loop: while true {
            while state.withLock({ $0.isStalled }) {
                var wait = pollfd(fd: source, events: 0, revents: 0)
                _ = unsafe poll(&wait, 1, 10)
                if wait.revents != 0 { break }
            }
            let count = unsafe read(source, &buffer, buffer.count)
            guard count > 0 else { break }
            if isSent { countSent(count) }
            let passed = filter?.pass(buffer[..<count]) ?? buffer[..<count]
            var written = passed.startIndex
            while written < passed.endIndex {
                let result = unsafe passed[written...].withUnsafeBytes {
                    unsafe send(target, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
                }
                guard result > 0 else { break loop }
                written += result
            }
        }
        shutdown(source, CInt(SHUT_RDWR))
        shutdown(target, CInt(SHUT_RDWR))
        // The second of the pair's two threads closes: the numbers are ours until then.
        guard
            shared.open.withLock({
                $0 -= 1; return $0
            }) == 0
        else { return }
        state.withLock { $0.pairs.removeAll { $0 == (source, target) || $0 == (target, source) } }
        _ = Glibc.close(source)
        _ = Glibc.close(target)
    }

    private final class Shared: Sendable {
        let open: Mutex<Int>
        init(open: Int) { self.open = Mutex(open) }
    }
}

/// Changes what passes through a connection.
public protocol ByteFilter {
    /// What is to be passed on, now that these bytes have come.
    mutating func pass(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>
}

private func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}

private func withAddress<Value>(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
    let address = loopback(port)
    return unsafe withUnsafePointer(to: address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}

private func listen() throws -> (CInt, UInt16) {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard unsafe withAddress(0, { unsafe bind(descriptor, $0, $1) }) == 0, listen(descriptor, 64) == 0 else {
        throw POSIXError(.EADDRINUSE)
    }
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &size) }
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
}

/// Connects to a port on 127.0.0.1.
///
/// - Returns: the socket, for the caller to close.
public func connect(to port: UInt16) throws -> CInt {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard unsafe withAddress(port, { unsafe connect(descriptor, $0, $1) }) == 0 else {
        _ = close(descriptor)
        throw POSIXError(.ECONNREFUSED)
    }
    return descriptor
}

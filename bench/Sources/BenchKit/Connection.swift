// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Glibc

/// A connection to a server on this machine that does not block, with one request at a time.
final class Connection {
    let descriptor: Int32
    private var received: [UInt8]
    private var count = 0

    struct Broken: Error { let errno: Int32 }

    /// - Throws: ``Broken`` when nobody listens.
    init(port: Int) throws(Broken) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        received = [UInt8](repeating: 0, count: 16384)
        guard descriptor >= 0 else { throw Broken(errno: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Broken(errno: errno) }
        var yes: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// Sends a request. It is small, and nothing else is under way, so the socket's buffer takes it whole.
    func send(_ request: [UInt8]) throws(Broken) {
        let sent = unsafe request.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard sent == request.count else { throw Broken(errno: sent < 0 ? errno : EAGAIN) }
    }

    /// The answer's status and body; `nil` as long as it is incomplete.
    ///
    /// - Throws: ``Broken`` when the server closed the connection; what is wrong with the answer.
    func receive() throws -> (status: Int, body: ArraySlice<UInt8>)? {
        if count == received.count { received.append(contentsOf: repeatElement(0, count: count)) }
        let free = count..<received.count
        let result = unsafe received.withUnsafeMutableBytes { bytes in
            unsafe recv(descriptor, bytes.baseAddress?.advanced(by: free.lowerBound), free.count, 0)
        }
        if result < 0, errno == EAGAIN || errno == EINTR { return nil }
        guard result > 0 else { throw Broken(errno: result < 0 ? errno : ECONNRESET) }
        count += result
        guard let answer = try HTTPAnswers.first(in: received, count: count) else { return nil }
        count = 0
        return (answer.status, received[answer.body])
    }
}

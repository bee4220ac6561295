// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Sends text on a socket, all at once.
func send(_ text: String, on socket: CInt) -> Bool {
    let bytes = Array(text.utf8)
    return unsafe bytes.withUnsafeBytes { unsafe write(socket, $0.baseAddress, $0.count) } == bytes.count
}

/// Closes a socket, as a client does that is killed.
func closeSocket(_ socket: CInt) { _ = close(socket) }

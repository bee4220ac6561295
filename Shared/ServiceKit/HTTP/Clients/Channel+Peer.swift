// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore

extension Channel {
    /// The address of the other end of a connection; `nil` when there is none, as in tests without a socket.
    var peer: IPAddress? { remoteAddress?.ipAddress.flatMap { IPAddress($0) } }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension AMQPError {
    /// What an operator may look at first. The code stays what callers decide by.
    enum Hint: String, Sendable, Hashable {
        /// The library says no more than that the handshake failed.
        case tls = "TLS failed: an unknown authority, a certificate of another host or out of date, or no TLS there"
        case authorities = "TLS failed: the certificates to trust cannot be read"
        /// A listener for TLS takes a plain greeting for a broken one, and says nothing.
        case ended = "the connection ended before the login: does the broker want TLS there?"
        case exchangeType = "the broker does not know this type of exchange: is its plugin enabled there?"
    }
}

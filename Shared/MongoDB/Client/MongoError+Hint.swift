// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension MongoError {
    /// What an operator may look at first when no server can be reached. The code stays what callers decide by.
    enum Hint: String, Sendable {
        case tls = "TLS failed: an unknown authority, a certificate of another host or out of date, or no TLS there"
        case authorities = "TLS failed: the certificates to trust, or the client's own, cannot be read"
        /// A server that wants TLS ends plain connections without a word; one that is frozen looks the same.
        case unanswered = "connections are made, and not answered: if the server is well, does it want TLS?"
        /// For who waits less long than the driver, which tries a login again before it says so.
        case login = "authentication failed, last: the user or the password"

        /// Reads what the driver says of a server that it could not greet.
        init?(reading text: String) {
            if text.contains("TLS handshake failed") {
                self = .tls
            } else if text.contains("initialize TLS state") {
                self = .authorities
            } else if text.contains("Failed to read 4 bytes") {
                self = .unanswered
            } else {
                return nil
            }
        }
    }
}

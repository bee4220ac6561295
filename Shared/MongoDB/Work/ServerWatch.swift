// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// What was last heard of the servers: from the driver's monitors within a second, while an operation looks for a server for
/// three, and from the last ping that came to its end.
final class ServerWatch: Sendable {
    private struct State {
        var greeting: MongoError.Hint?
        var isLoginRefused = false
    }

    private let state = Mutex(State())

    /// Why no server could be greeted or logged in to, if that is so, and if there is anything to say about it.
    var hint: MongoError.Hint? { state.withLock { $0.greeting ?? ($0.isLoginRefused ? .login : nil) } }

    /// A monitor greeted a server, or could not.
    func noteGreeting(_ hint: MongoError.Hint?) { state.withLock { $0.greeting = hint } }

    /// A ping has ended, whether or not anybody still waits for it.
    func notePing(_ error: MongoError?) { state.withLock { $0.isLoginRefused = error?.code == .authentication } }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import TestSupport

/// Proxies between the services of a test system and its servers, to be cut.
final class Wires: Sendable {
    private let proxies = Mutex<(broker: TCPProxy, database: TCPProxy)?>(nil)

    /// Lays them; see ``TestSystem/run(commandAPIs:consumers:settings:wires:_:)``.
    func lay(_ broker: TestServer, _ database: TestServer) throws -> (broker: Int, database: Int) {
        let new = (
            broker: try TCPProxy(target: UInt16(broker.port)), database: try TCPProxy(target: UInt16(database.port))
        )
        proxies.withLock { $0 = new }
        return (Int(new.broker.port), Int(new.database.port))
    }

    var broker: TCPProxy? { proxies.withLock { $0?.broker } }
    var database: TCPProxy? { proxies.withLock { $0?.database } }
}

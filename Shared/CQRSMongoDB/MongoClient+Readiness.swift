// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import Essentials
public import MongoDB

extension MongoClient {
    /// Asks the database whether it is there.
    public func readiness() async -> Readiness {
        do {
            // Below the health check's own limit: what runs in the driver cannot be cancelled.
            try await ping(timeout: .seconds(1))
            return .ready
        } catch {
            return .notReady("\(error)")
        }
    }
}

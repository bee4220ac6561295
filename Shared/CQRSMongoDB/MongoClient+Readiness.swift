// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import MongoDB

extension MongoClient {
    /// Asks the database whether it is there.
    public func readiness() async -> Readiness {
        do {
            try await ping()
            return .ready
        } catch {
            return .notReady("\(error)")
        }
    }
}

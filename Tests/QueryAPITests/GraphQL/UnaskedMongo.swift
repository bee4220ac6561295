// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Logging
import MongoDB

/// Runs a body with a client whose collections are only names: nothing is asked of them.
func withUnaskedMongo(_ body: (MongoClient) async throws -> Void) async throws {
    let client = try MongoClient(
        configuration: MongoConfiguration(uri: "mongodb://127.0.0.1:9"), logger: Logger(label: "test"))
    do {
        try await body(client)
    } catch {
        await client.close(within: .zero)
        throw error
    }
    await client.close(within: .zero)
}

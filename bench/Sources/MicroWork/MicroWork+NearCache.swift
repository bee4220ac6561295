// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import CQRSTesting
import Essentials
import Logging
import Users

extension MicroWork {
    static let nearCache = [
        // The whole of a hot query but HTTP.
        MicroWork("near cache hit") {
            let model = InMemoryReadModel<UserDocument>()
            _ = await model.write([
                ReadModelChange(stream: Users.stream(of: Samples.id), baseVersion: 0, document: Samples.document)
            ])
            let cache = NearCache(
                "users", of: model, notices: model,
                content: NearCacheContent(
                    lookup: UserDocument.byEmail, stream: { UUIDv7($0.id).map(Users.stream(of:)) },
                    answer: { ($0.version, 100) }),
                capacityBytes: 1 << 20, logger: Logger(label: "bench"))
            Task { try await cache.run() }
            let key = "ada@computing.org"
            // What a cache finds before it is told of changes it does not keep.
            while cache.cached(key) == nil {
                try await Task.sleep(for: .milliseconds(1))
                _ = try await cache.find(key)
            }
            return { for _ in 0..<$0 { blackHole(cache.cached(key)) } }
        }
    ]
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Benchmark
import CQRS
import Logging
import Users

/// Who is in memory: the whole of a hot query but HTTP.
func benchmarkNearCache() {
    // Each iteration starts a cache, which takes longer than what is measured: so few of them, and each a long one.
    Benchmark("near cache hit", configuration: .init(scalingFactor: .mega, maxIterations: 20)) { benchmark in
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
        try await withThrowingTaskGroup { group in
            group.addTask { try await cache.run() }
            let key = "ada@computing.org"
            // What a cache without a feed finds it does not keep.
            while cache.cached(key) == nil {
                try await Task.sleep(for: .milliseconds(1))
                _ = try await cache.find(key)
            }
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations { blackHole(cache.cached(key)) }
            benchmark.stopMeasurement()
            group.cancelAll()
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Benchmark

/// All of them; the benchmark plugin looks for this name.
let benchmarks: @Sendable () -> Void = {
    unsafe Benchmark.defaultConfiguration = Benchmark.Configuration(
        metrics: [.wallClock, .throughput, .instructions], scalingFactor: .kilo, maxDuration: .seconds(2))
    benchmarkBSON()
    benchmarkTables()
    benchmarkJSON()
    benchmarkDecider()
    benchmarkNearCache()
}

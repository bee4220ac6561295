// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Benchmark
import MicroWork

let benchmarks: @Sendable () -> Void = {
    unsafe Benchmark.defaultConfiguration = Benchmark.Configuration(
        metrics: [.wallClock, .throughput, .instructions], scalingFactor: .kilo, maxDuration: .seconds(2))
    for work in MicroWork.all {
        Benchmark(work.name) { benchmark in
            let body = try await work.prepare()
            benchmark.startMeasurement()
            try body(benchmark.scaledIterations.count)
            benchmark.stopMeasurement()
        }
    }
}

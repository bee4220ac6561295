// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

@_spi(Benchmarks) import AMQP
import Benchmark

/// An event's headers to the wire and back: once for each message published, and for each delivered.
func benchmarkTables() {
    Benchmark("header table encode") { benchmark in
        let wire = TableWire()
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try wire.encode(Samples.headers)) }
    }
    Benchmark("header table decode") { benchmark in
        let wire = TableWire()
        let bytes = try wire.encode(Samples.headers)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try wire.decode(bytes)) }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Benchmark
import MongoDB
import Users

/// A user's document to bytes and back: what each write and each cold query does once.
func benchmarkBSON() {
    Benchmark("BSON encode a user") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try BSONEncoder().encode(Samples.document)) }
    }
    Benchmark("BSON decode a user") { benchmark in
        let stored = try BSONEncoder().encode(Samples.document)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try BSONDecoder().decode(UserDocument.self, from: stored)) }
    }
    Benchmark("BSON check foreign bytes") { benchmark in
        let bytes = try BSONEncoder().encode(Samples.document).bytes
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try BSONDocument(validating: bytes)) }
    }
}

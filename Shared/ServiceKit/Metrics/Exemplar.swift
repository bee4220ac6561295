// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// One of the values that a histogram has counted, with the trace that tells how it came about.
struct Exemplar {
    let traceID: String
    let value: Double
    let time: Timestamp

    /// Its time, as the formats want it.
    var secondsSinceEpoch: Double { Double(time.millisecondsSinceEpoch) / 1000 }
}

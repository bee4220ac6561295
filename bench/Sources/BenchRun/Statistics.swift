// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The middle of some values; of two middle ones their mean.
func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}

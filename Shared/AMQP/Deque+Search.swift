// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule

extension Deque {
    /// Where the first element is whose number is at least this, or would be. The elements must be in order of their
    /// numbers.
    func firstIndex(from number: UInt64, by numberOf: (Element) -> UInt64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if numberOf(self[middle]) < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where the elements are whose numbers are among these. The elements must be in order of their numbers.
    func indices(of numbers: Range<UInt64>, by numberOf: (Element) -> UInt64) -> Range<Int> {
        firstIndex(from: numbers.lowerBound, by: numberOf)..<firstIndex(from: numbers.upperBound, by: numberOf)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import CQRSAMQP

@Suite("A share of partitions")
struct PartitionShareTests {
    @Test(
        "is the least that gives every partition a consumer",
        arguments: [(4, 1, 4), (4, 2, 2), (4, 3, 2), (4, 4, 1), (4, 9, 1), (5, 2, 3), (1, 2, 1), (4, 0, 4), (0, 3, 0)])
    func fair(partitions: Int, members: Int, share: Int) {
        #expect(PartitionShare.fair(of: partitions, among: members) == share)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP

/// Which partitions of a queue this process takes from: no more than its share.
///
/// Every process stands in line at every partition, and the broker lets one at a time take: whoever was first, and the next as soon as
/// it is gone. So nobody has to agree on anything. But the first process to come has all of them, and the last partition that one
/// leaves goes to the next in line, whatever that has already: who has more than a fair share goes to the end of the line.
/// Of several it gives up what it got last, so that a partition goes from one to the next until it comes to one that has room for it.
public struct PartitionShare: Sendable {
    private let consumers: [AMQPConsumer]

    /// The share of one process.
    ///
    /// - Parameter consumers: this process's, one for each partition; none without partitions.
    public init(_ consumers: [AMQPConsumer]) { self.consumers = consumers }

    /// Gives up what is more than this process's share. A partition that nothing came from is nobody's burden and does not count.
    ///
    /// - Parameter members: how many processes there are; 0 is taken for 1.
    /// - Returns: how many partitions are left to it.
    func balance(among members: Int) -> Int {
        let held = consumers.compactMap { consumer in consumer.deliveredSince.map { (consumer, since: $0) } }
        let excess = max(0, held.count - Self.fair(of: consumers.count, among: members))
        for (consumer, _) in held.sorted(by: { $0.since > $1.since }).prefix(excess) { consumer.giveWay() }
        return held.count - excess
    }

    /// The most partitions that one of so many processes has to take.
    static func fair(of partitions: Int, among members: Int) -> Int {
        let members = max(members, 1)
        return (partitions + members - 1) / members
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule
internal import Essentials

/// The commits in memory in lanes, one for each stream: gives out those that may be published now.
///
/// What somebody waits for goes before what was sent in bulk, and of that no more goes at a time than holds the others up
/// for a moment.
///
/// In a lane are the numbers of appends under way, too: what is behind one has to wait for it. A lane's commits are given
/// out from the first on, as far as they are here; no more of them before all that were given out are settled.
struct StreamLanes {
    /// The numbers of each stream, in order; none is empty.
    private var lanes: [StreamID: Deque<Int64>] = [:]
    /// Those of them that are appended.
    private var commits: [Int64: OutboxCommit] = [:]
    /// Those of them that are given out.
    private var inFlight: Set<Int64> = []
    /// The numbers that were sent in bulk.
    private var bulk: Set<Int64> = []
    /// The first of their lanes that may be published now, with those behind them; none of their lane is in flight.
    private var ready: Deque<Int64> = []
    /// Of these, those that were sent in bulk.
    private var readyBulk: Deque<Int64> = []

    /// How many commits are here.
    var commitCount: Int { commits.count }

    /// A stream's numbers, in order.
    func numbers(of stream: StreamID) -> Deque<Int64> { lanes[stream] ?? [] }

    /// Whether a commit of the stream is here that is behind this number.
    func hasCommit(behind number: Int64, of stream: StreamID) -> Bool {
        numbers(of: stream).reversed().prefix { $0 > number }.contains { commits[$0] != nil }
    }

    // MARK: Coming and going

    /// An append is under way that is the last one of all so far.
    mutating func expect(_ number: Int64, of stream: StreamID, _ urgency: AppendUrgency = .single) {
        lanes[stream, default: []].append(number)
        if urgency == .bulk { bulk.insert(number) }
    }

    /// What was expected is appended.
    mutating func add(_ commit: OutboxCommit) { place(commit, in: numbers(of: commit.commit.stream)) }

    /// A commit comes that is not expected, wherever its place is.
    mutating func insert(_ commit: OutboxCommit) {
        let (number, stream) = (commit.sequence, commit.commit.stream)
        var lane = numbers(of: stream)
        lane.insert(number, at: lane.firstIndex { $0 > number } ?? lane.endIndex)
        lanes[stream] = lane
        place(commit, in: lane)
    }

    private mutating func place(_ commit: OutboxCommit, in lane: Deque<Int64>) {
        commits[commit.sequence] = commit
        if lane.first == commit.sequence { offer(commit.sequence) }
    }

    private mutating func offer(_ number: Int64) {
        if bulk.contains(number) { readyBulk.append(number) } else { ready.append(number) }
    }

    /// What was expected does not come. Those behind it need not wait for it any more.
    mutating func remove(_ number: Int64, of stream: StreamID) {
        bulk.remove(number)
        guard var lane = lanes[stream], let index = lane.firstIndex(of: number) else { return }
        lanes[stream] = nil
        lane.remove(at: index)
        guard let first = lane.first else { return }
        lanes[stream] = lane
        if index == 0, commits[first] != nil, !inFlight.contains(first) { offer(first) }
    }

    // MARK: Publishing

    /// Whether ``take(maximum:)`` would return something.
    var hasReady: Bool { !ready.isEmpty || !readyBulk.isEmpty }

    /// Gives out commits, those of a stream in order, until they have so many events.
    ///
    /// A part of them is for those that were sent in bulk: no more, and no less when there are. The rest waits for the batch,
    /// and with many in it, long: a sixteenth beside others, a quarter alone, for what comes next.
    mutating func take(maximum: Int) -> [OutboxCommit] {
        var batch: [OutboxCommit] = []
        var count = 0
        func take(from offered: inout Deque<Int64>, _ maximum: Int) {
            while count < maximum, let first = offered.popFirst() {
                guard let stream = commits[first]?.commit.stream else { continue }
                for number in lanes[stream] ?? [] {
                    guard count < maximum, let commit = commits[number], inFlight.insert(number).inserted else {
                        break
                    }
                    batch.append(commit)
                    count += commit.commit.count
                }
            }
        }
        let bulkShare = max(1, maximum / (ready.isEmpty ? 4 : 16))
        take(from: &ready, readyBulk.isEmpty ? maximum : max(1, maximum - bulkShare))
        take(from: &readyBulk, min(maximum, count + bulkShare))
        return batch
    }

    /// A commit that was given out is done with, and leaves.
    ///
    /// - Returns: whether it was given out.
    mutating func finish(_ number: Int64) -> Bool {
        guard inFlight.remove(number) != nil, let commit = commits.removeValue(forKey: number) else { return false }
        remove(number, of: commit.commit.stream)
        return true
    }

    /// A commit that was given out is not done with. It is given out again behind other streams, with what is behind it.
    mutating func giveBack(_ number: Int64) {
        guard inFlight.remove(number) != nil, let stream = commits[number]?.commit.stream else { return }
        if lanes[stream]?.first == number { offer(number) }
    }

    /// A commit that was given out leaves, and with it all commits behind it, given out or not. Appends under way stay.
    ///
    /// - Returns: the stream, and what has left it, in order; `nil` for a commit that was not given out.
    mutating func clear(from number: Int64) -> (stream: StreamID, numbers: [Int64])? {
        guard inFlight.contains(number), let stream = commits[number]?.commit.stream else { return nil }
        var lane = numbers(of: stream)
        let left = lane.filter { commits[$0] != nil }
        lane.removeAll { commits[$0] != nil }
        lanes[stream] = lane.isEmpty ? nil : lane
        for number in left {
            commits[number] = nil
            inFlight.remove(number)
            bulk.remove(number)
        }
        return (stream, Array(left))
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The order of a replay: a lane for each stream, by version; one letter of a lane after the other, lanes side by side.
struct ReplayLanes {
    private var lanes: [ArraySlice<HeldLetter>]

    /// Sorts letters into lanes. One without a stream or version depends on no other and gets a lane of its own.
    init(_ letters: [HeldLetter]) {
        var streams: [String: [HeldLetter]] = [:]
        var order: [String] = []
        var alone: [ArraySlice<HeldLetter>] = []
        for letter in letters {
            guard let stream = letter.record.stream, letter.record.version != nil else {
                alone.append([letter])
                continue
            }
            if streams[stream] == nil { order.append(stream) }
            streams[stream, default: []].append(letter)
        }
        // `sort` keeps the order of equals: copies of a letter stay as they were.
        lanes =
            order.compactMap { streams[$0] }.map { lane in
                lane.sorted { ($0.record.version ?? 0) < ($1.record.version ?? 0) }[...]
            } + alone
    }

    /// The first letter of each lane, until there is none.
    mutating func nextRound() -> [HeldLetter] {
        let round = lanes.compactMap(\.first)
        lanes = lanes.map { $0.dropFirst() }.filter { !$0.isEmpty }
        return round
    }

    /// Takes the letters out that are still to come in these streams.
    mutating func hold(_ streams: Set<String>) -> [HeldLetter] {
        func isHeld(_ lane: ArraySlice<HeldLetter>) -> Bool {
            lane.first?.record.stream.map { streams.contains($0) } ?? false
        }
        let held = lanes.filter(isHeld)
        lanes.removeAll(where: isHeld)
        return held.flatMap { $0 }
    }

    /// Takes all letters out that are still to come.
    mutating func holdAll() -> [HeldLetter] {
        defer { lanes = [] }
        return lanes.flatMap { $0 }
    }
}

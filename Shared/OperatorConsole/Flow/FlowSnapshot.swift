// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// Everything that the first screen shows, as it was at one moment.
struct FlowSnapshot: Sendable {
    let at: Timestamp
    let own: OwnWatch.Figures
    /// `nil` before the event store has answered.
    let write: WriteFigures?
    let writeTrouble: String?
    /// Messages that no queue is bound for; `nil` before the broker has answered.
    let unrouted: Int?
    let brokerTrouble: String?
    let readModels: [ReadModelFigures]

    /// The snapshot as it is sent, in one line.
    ///
    /// - Parameter watchers: how many consoles this process serves.
    func json(watchers: Int) -> [UInt8] {
        var json = JSONWriter(capacity: 8 << 10)
        json.beginObject()
        json.member("at", at.description)
        json.key("own")
        json.beginObject()
        json.key("readsPerSecond")
        json.double(own.readsPerSecond)
        json.key("hitsPerSecond")
        json.double(own.hitsPerSecond)
        json.key("processorShare")
        json.double(own.processorShare)
        json.member("residentBytes", Int(own.residentBytes))
        json.member("watchers", watchers)
        json.endObject()
        if let write {
            json.key("write")
            write.write(to: &json)
        }
        json.member("writeTrouble", ifPresent: writeTrouble)
        if let unrouted { json.member("unrouted", unrouted) }
        json.member("brokerTrouble", ifPresent: brokerTrouble)
        json.key("readModels")
        json.beginArray()
        for readModel in readModels { readModel.write(to: &json) }
        json.endArray()
        json.key("recent")
        json.beginArray()
        for commit in write?.recent ?? [] { commit.write(to: &json) }
        json.endArray()
        json.endObject()
        return json.bytes
    }
}

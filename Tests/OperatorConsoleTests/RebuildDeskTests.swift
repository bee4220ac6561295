// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import CQRSUpkeep
import Essentials
import Logging
import TestSupport
import Testing

@testable import OperatorConsole

@Suite("Work on generations", .timeLimit(.minutes(1)))
struct RebuildDeskTests {
    /// A read model whose work is done when it is told to be.
    private struct SlowModel: InspectedReadModel {
        let gate: Gate
        let refusal: RebuildRefusal?

        var name: String { "things" }
        var category: String { "thing" }

        func streams(meantBy text: String) async throws -> [StreamID] { [] }
        func version(of stream: StreamID) async throws -> Int64 { 0 }
        func step(of stream: StreamID, to version: Int64) async throws -> DocumentStep? { nil }
        func preview(_ letter: DeadLetterRecord) async throws -> ReplayPreview { .repeated(at: 1) }

        func perform(_ action: GenerationAction, _ report: @escaping @Sendable (RebuildReport) -> Void) async throws {
            report(.filling(FillProgress(), total: 100))
            await gate.pass()
            if let refusal { throw refusal }
        }
    }

    private let entry = ActionEntry(
        id: UUIDv7(at: .now()), at: .now(), who: "127.0.0.1", requestID: "r", action: "rebuild", readModel: "things",
        letters: nil)

    @Test("is done one at a time, and says how far it is and how it ended")
    func oneAtATime() async throws {
        try await ConsoleDatabase.with { database in
            let actions = ActionLog(database: database.system.database)
            let desk = RebuildDesk(actions: actions, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let run = Task { await desk.run() }
            let gate = Gate()
            let model = SlowModel(gate: gate, refusal: .noStandby)
            try await actions.begin(entry)
            #expect(desk.take(.finish(.first), on: model, entry))
            #expect(!desk.take(.rebuild, on: model, entry))
            try await eventually("its progress is told") { desk.work["things"]?.phase == "filling" }
            gate.open()
            try await eventually("it ends") { desk.work["things"]?.outcome != nil }
            #expect(desk.work["things"]?.outcome == "refused: there is no other complete generation")
            try await eventually("its end is recorded") { try await actions.newest(1).first?.outcome != nil }
            #expect(desk.take(.rebuild, on: model, entry))
            run.cancel()
            await run.value
        }
    }

    /// A read model whose work ends when it is cancelled.
    private struct EndlessModel: InspectedReadModel {
        let stop = AsyncStream.makeStream(of: Never.self)

        var name: String { "things" }
        var category: String { "thing" }

        func streams(meantBy text: String) async throws -> [StreamID] { [] }
        func version(of stream: StreamID) async throws -> Int64 { 0 }
        func step(of stream: StreamID, to version: Int64) async throws -> DocumentStep? { nil }
        func preview(_ letter: DeadLetterRecord) async throws -> ReplayPreview { .repeated(at: 1) }

        func perform(_ action: GenerationAction, _ report: @escaping @Sendable (RebuildReport) -> Void) async throws {
            for await _ in stop.stream {}
            try Task.checkCancellation()
        }
    }

    @Test("can be told to stop, and the next order is taken")
    func stopped() async throws {
        try await ConsoleDatabase.with { database in
            let actions = ActionLog(database: database.system.database)
            let desk = RebuildDesk(actions: actions, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let run = Task { await desk.run() }
            #expect(!desk.stop("things"))
            for _ in 1...2 {
                #expect(desk.take(.rebuild, on: EndlessModel(), entry))
                #expect(!desk.stop("others"))
                try await eventually("it is stopped") { desk.stop("things") }
                try await eventually("it ends") {
                    desk.work["things"]?.outcome == "interrupted: order it again to go on"
                }
            }
            run.cancel()
            await run.value
        }
    }

    @Test("names no stream and no command's option when it is refused")
    func refusals() {
        let stream = StreamID(category: "thing", id: UUIDv7(at: .now()))
        let refusals: [RebuildRefusal] = [
            .hasStandby(.first), .hasBuild(.first), .isSwitching, .wouldFallBehind([stream]),
        ]
        for refusal in refusals {
            #expect(!refusal.summary.contains("option") && !refusal.summary.contains("--"))
            #expect(!refusal.summary.contains(stream.name))
        }
    }
}

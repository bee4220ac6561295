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
    /// A read model whose work is what the test makes it.
    private struct TestModel: InspectedReadModel {
        let work: @Sendable (@Sendable (RebuildReport) -> Void) async throws -> Void

        var name: String { "things" }
        var category: String { "thing" }

        func streams(meantBy text: String) async throws -> [StreamID] { [] }
        func version(of stream: StreamID) async throws -> Int64 { 0 }
        func step(of stream: StreamID, to version: Int64) async throws -> DocumentStep? { nil }
        func preview(_ letter: DeadLetterRecord) async throws -> ReplayPreview { .repeated(at: 1) }

        func perform(_ action: GenerationAction, _ report: @escaping @Sendable (RebuildReport) -> Void) async throws {
            try await work(report)
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
            let model = TestModel { report in
                report(.filling(FillProgress(), total: 100))
                await gate.pass()
                throw RebuildRefusal.noStandby
            }
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

    @Test("can be told to stop, and the next order is taken")
    func stopped() async throws {
        try await ConsoleDatabase.with { database in
            let actions = ActionLog(database: database.system.database)
            let desk = RebuildDesk(actions: actions, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let run = Task { await desk.run() }
            #expect(!desk.stop("things"))
            let endless = AsyncStream.makeStream(of: Never.self)
            let model = TestModel { _ in
                for await _ in endless.stream {}
                try Task.checkCancellation()
            }
            for _ in 1...2 {
                #expect(desk.take(.rebuild, on: model, entry))
                #expect(!desk.stop("others"))
                #expect(desk.stop("things"))
                try await eventually("it ends") {
                    desk.work["things"]?.outcome == "interrupted: order it again to go on"
                }
            }
            run.cancel()
            await run.value
        }
    }

    @Test("can be told to stop before it is begun, and never is")
    func stoppedBefore() async throws {
        try await ConsoleDatabase.with { database in
            let actions = ActionLog(database: database.system.database)
            let desk = RebuildDesk(actions: actions, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let begun = Counter()
            let model = TestModel { _ in begun.add() }
            #expect(desk.take(.rebuild, on: model, entry))
            #expect(!desk.stop("others"))
            #expect(desk.stop("things"))
            let run = Task { await desk.run() }
            try await eventually("it ends") { desk.work["things"]?.outcome == "interrupted: order it again to go on" }
            #expect(begun.value == 0)
            #expect(!desk.stop("things"))
            #expect(desk.take(.rebuild, on: model, entry))
            try await eventually("the next one is done") { desk.work["things"]?.outcome == "done" }
            #expect(begun.value == 1)
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

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRSUpkeep
internal import Essentials
internal import Logging
internal import Synchronization

/// Does work on generations, one after the other, in this process.
///
/// That is as safe as in a process of its own: a lease in the registry keeps all others out, each step is durable, and after
/// the end of this process anybody goes on with it.
final class RebuildDesk: Sendable {
    private struct Order: Sendable {
        let action: GenerationAction
        let model: any InspectedReadModel
        let entry: ActionEntry
    }

    private let actions: ActionLog
    private let logger: Logger

    /// The order that was taken.
    private struct Current {
        let readModel: String
        /// `nil` before it is begun.
        var task: Task<String, Never>?
        /// Somebody wants it to end.
        var isStopped = false
    }

    private struct State {
        var work: [String: RebuildWork] = [:]
        var current: Current?
    }

    private static let interrupted = "interrupted: order it again to go on"

    private let state = Mutex(State())
    private let orders: AsyncStream<Order>
    private let continuation: AsyncStream<Order>.Continuation

    init(actions: ActionLog, logger: Logger) {
        self.actions = actions
        self.logger = logger
        (orders, continuation) = AsyncStream.makeStream()
    }

    /// What is done, and what was done last, by the read models' names.
    var work: [String: RebuildWork] { state.withLock { $0.work } }

    /// Takes an order.
    ///
    /// - Returns: whether it was taken: one at a time.
    func take(_ action: GenerationAction, on model: any InspectedReadModel, _ entry: ActionEntry) -> Bool {
        let isFree = state.withLock { state in
            guard !state.work.values.contains(where: \.isRunning) else { return false }
            state.work[model.name] = RebuildWork(action)
            state.current = Current(readModel: model.name)
            return true
        }
        if isFree { continuation.yield(Order(action: action, model: model, entry: entry)) }
        return isFree
    }

    /// Ends what is done about a read model at its next step, as the end of this process would: whoever orders it again goes
    /// on with it. What is not begun yet never is.
    ///
    /// - Returns: whether there was anything to end.
    func stop(_ readModel: String) -> Bool {
        let (isOrdered, task) = state.withLock { state -> (Bool, Task<String, Never>?) in
            guard state.current?.readModel == readModel else { return (false, nil) }
            state.current?.isStopped = true
            return (true, state.current?.task)
        }
        task?.cancel()
        return isOrdered
    }

    /// Does what is ordered, until it is cancelled. What is under way then is gone on with when somebody orders it again.
    func run() async {
        for await order in orders {
            let outcome = if let task = begin(order) { await end(of: task) } else { Self.interrupted }
            state.withLock { state in
                state.current = nil
                state.work[order.model.name]?.end(outcome)
            }
            await actions.end(order.entry, outcome)
        }
    }

    /// - Returns: `nil` for what was stopped before.
    private func begin(_ order: Order) -> Task<String, Never>? {
        state.withLock { state in
            guard state.current?.isStopped == false else { return nil }
            let task = Task { await perform(order) }
            state.current?.task = task
            return task
        }
    }

    /// How it ended.
    private func end(of task: Task<String, Never>) async -> String {
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func perform(_ order: Order) async -> String {
        let name = order.model.name
        do {
            try await order.model.perform(order.action) { report in
                self.state.withLock { $0.work[name]?.note(report) }
            }
            return "done"
        } catch let refusal as RebuildRefusal {
            return "refused: \(refusal.summary)"
        } catch _ where Task.isCancelled {
            return Self.interrupted
        } catch {
            logger.error("work on generations failed", metadata: ["read-model": "\(name)", "error": "\(error)"])
            return error is any CategorizedError ? "failed: \(error)" : "failed: \(type(of: error))"
        }
    }
}

extension RebuildRefusal {
    /// One sentence for the page, which all who watch are shown: without a command's options, and without the names of
    /// streams, which may be a person's.
    var summary: String {
        switch self {
        case .hasStandby(let generation):
            "generation \(generation) is kept beside the serving one: remove it, or switch back to it"
        case .hasBuild(let generation): "generation \(generation) is being made: go on with it, or cancel it"
        case .isSwitching: "a switch is under way: go on with it"
        case .wouldFallBehind(let streams):
            "\(streams.count) streams would fall back, because of events that cannot be applied; the consumer's command names them"
        case .busy, .leaseLost, .isAnother, .noStandby, .noBuild, .differences, .stillConsumed, .notDrained: description
        }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import ThreadExecutor

// The side of those who read a change stream, and of those who wait for it to be open.

extension ChangeStreamPump {
    var readerToken: BSONDocument? { state.withLock { $0.readerToken }?.document }

    func stop() {
        state.withLock { $0.isStopping = true }
        executor.wake()
    }

    func read() async throws(MongoError) -> MongoChangeEvent? {
        // Most events are here already when they are asked for: no need for a place to wait.
        let ready = state.withLock { state in
            state.finishRead()
            return state.take(limit: options.bufferLimit)
        }
        if let ready {
            if ready.mustWake { executor.wake() }
            return try ready.event.get()
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (answer, mustWake) = state.withLock { $0.read(continuation, limit: options.bufferLimit) }
                if let answer { continuation.resume(returning: answer) }
                if mustWake { executor.wake() }
                if Task.isCancelled { cancelRead() }
            }
        } onCancel: {
            cancelRead()
        }
        return try result.get()
    }

    private func cancelRead() {
        let reader = state.withLock { state in
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: .success(nil))
    }

    func waitUntilOpen(until deadline: ContinuousClock.Instant) async throws(MongoError) {
        let number = core.nextNumber()
        let result: Result<Void, MongoError> = await withTaskGroup(of: Result<Void, MongoError>.self) { group in
            group.addTask { await self.waitUntilOpen(number) }
            group.addTask {
                // Ended early only by the cancellation, which the other child answers.
                try? await Task.sleep(until: deadline)
                self.cancelOpener(number, MongoError(Task.isCancelled ? .cancelled : .timedOut))
                return .success(())
            }
            // The opener answers in every case: opened, failed, or told off by the sleeper.
            var outcome = Result<Void, MongoError>.success(())
            for await result in group {
                if case .failure = result { outcome = result }
                group.cancelAll()
            }
            return outcome
        }
        try result.get()
    }

    private func waitUntilOpen(_ number: UInt64) async -> Result<Void, MongoError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { $0.open(number, continuation) }
                if let answer { continuation.resume(returning: answer) }
                if Task.isCancelled { cancelOpener(number, MongoError(.cancelled)) }
            }
        } onCancel: {
            cancelOpener(number, MongoError(.cancelled))
        }
    }

    private func cancelOpener(_ number: UInt64, _ error: MongoError) {
        state.withLock { $0.openers.removeValue(forKey: number) }?.resume(returning: .failure(error))
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import ThreadExecutor

/// A change stream's thread: reads events as long as there is room for them, and opens the stream again when it
/// breaks.
final class ChangeStreamPump: EventSource {
    private let core: ClientCore
    private let namespace: Namespace
    private let pipeline: BSONArray
    private let options: MongoChangeStreamOptions
    private let onStatus: @Sendable (MongoChangeStream.Status) -> Void
    private let executor = ThreadExecutor(name: "mongodb-watch")
    private let state = Mutex(ChangeStreamState())
    /// Touched by the stream's thread alone; the lock, never contended, proves it to the compiler.
    private let source = Mutex(Source())
    private let lastReported = Mutex(MongoChangeStream.Status.opening)

    /// What the thread holds.
    @safe
    private struct Source {
        var client: OpaquePointer?
        var handle: ChangeStreamHandle?
        /// Whether the server has ever accepted the stream, and so its login.
        var hasOpened = false
        /// Failed openings in a row.
        var failures = 0
        var nextAttempt: ContinuousClock.Instant?
    }

    init(
        core: ClientCore, namespace: Namespace, pipeline: BSONArray, options: MongoChangeStreamOptions,
        onStatus: @escaping @Sendable (MongoChangeStream.Status) -> Void
    ) {
        self.core = core
        self.namespace = namespace
        self.pipeline = pipeline
        self.options = options
        self.onStatus = onStatus
        if case .after(let token) = options.start {
            state.withLock { state in
                state.token = token.view
                state.readerToken = token.view
            }
        }
    }

    private var silence: Duration { options.maxAwaitTime + .seconds(1) }

    /// Begins. From here on the executor and this object hold each other, until the stream is stopped.
    func start() { executor.setEventSource(self) }

    // MARK: The reader's side

    var status: MongoChangeStream.Status { state.withLock { $0.status(silence: silence) } }

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

    // MARK: On the thread

    func turn() -> EventWait {
        let (isStopping, hasRoom) = state.withLock { state in
            state.isPaused = state.buffer.count >= options.bufferLimit
            return (state.isStopping, !state.isPaused)
        }
        if isStopping {
            end(nil)
            return EventWait()
        }
        guard hasRoom else { return EventWait() }
        return source.withLock { source in
            if let next = source.nextAttempt, next > .now { return EventWait(timeout: next - .now) }
            source.nextAttempt = nil
            do throws(MongoError) {
                if let handle = source.handle {
                    let isDrained = try step(handle)
                    if isDrained, options.endsWhenDrained {
                        finish(nil, &source)
                        return EventWait()
                    }
                } else {
                    try open(&source)
                    source.failures = 0
                    source.hasOpened = true
                }
                return EventWait(timeout: .zero)
            } catch {
                return recover(from: error, &source)
            }
        }
    }

    private func open(_ source: inout Source) throws(MongoError) {
        if unsafe source.client == nil { unsafe source.client = try core.streamPool.pop() }
        guard let client = unsafe source.client else { throw MongoError(.closed) }
        let handle = try unsafe ChangeStreamHandle(
            client: client, namespace: namespace, pipeline: pipeline, options: try openOptions())
        source.handle = handle
        let token = handle.resumeToken
        let openers = state.withLock { state in
            state.token = token ?? state.token
            if state.readerToken == nil { state.readerToken = state.token }
            state.catchUp()
            defer { state.openers = [:] }
            return state.openers
        }
        for opener in openers.values { opener.resume(returning: .success(())) }
        report()
    }

    private func openOptions() throws(MongoError) -> BSONDocument {
        var writer = BSONWriter()
        writer.append("maxAwaitTimeMS", options.maxAwaitTime.milliseconds)
        if options.includesFullDocument { writer.append("fullDocument", "updateLookup") }
        if let token = state.withLock({ $0.token }) {
            writer.append("resumeAfter", token.document)
        } else if case .at(let time) = options.start {
            writer.append("startAtOperationTime", .timestamp(time))
        }
        return try writer.finish()
    }

    /// Takes what comes next. Returns whether the server has nothing more.
    private func step(_ handle: ChangeStreamHandle) throws(MongoError) -> Bool {
        let step = handle.next()
        var isDrained = false
        if case .failed = step {} else { noteSilence() }
        switch step {
        case .event(let event):
            add(.success(event), token: handle.resumeToken(behind: event))
            if event.kind == .invalidate {
                throw MongoError(.namespaceMissing, "the collection was dropped or renamed")
            }
        case .unreadable(let error):
            add(.failure(error), token: handle.resumeToken)
        case .nothing:
            let token = handle.resumeToken
            state.withLock { $0.foundNothing(token: token) }
            isDrained = true
        case .failed(let error): throw error
        }
        report()
        return isDrained
    }

    /// The library resumes by itself once, unseen; and for a slow reader the stream stands still. After either, what comes
    /// is from before.
    private func noteSilence() {
        guard state.withLock({ $0.interruptAfter(silence) }) else { return }
        report()
        state.withLock { $0.catchUp() }
    }

    private func add(_ event: Result<MongoChangeEvent, MongoError>, token: BSONView?) {
        let reader = state.withLock { $0.add(event, token: token) }
        reader?.resume(returning: event.map(Optional.some))
    }

    private func recover(from error: MongoError, _ source: inout Source) -> EventWait {
        source.handle = nil
        switch error.code {
        // The library reports a connection that breaks during the login as a failed login (mongoc-cluster.c).
        case .authentication where source.hasOpened,
            .unavailable, .timedOut, .cursorLost, .writeConflict, .protocolViolation,
            _ where error.isResumable:
            state.withLock { $0.phase = .interrupted }
            report()
            source.failures += 1
            // 100 ms, doubled to 5 s, and jittered so that many streams do not come back at once.
            let pause = min(100 << min(source.failures - 1, 6), 5000)
            source.nextAttempt = .now + .milliseconds(Int.random(in: pause / 2...pause))
            return EventWait(timeout: .zero)
        default:
            finish(error, &source)
            return EventWait()
        }
    }

    private func end(_ error: MongoError?) { source.withLock { finish(error, &$0) } }

    /// Destroys the stream, then gives the client back, then tells everybody.
    private func finish(_ error: MongoError?, _ source: inout Source) {
        executor.setEventSource(nil)
        source.handle = nil
        if let client = unsafe source.client { unsafe core.streamPool.push(client) }
        unsafe source.client = nil
        let (reader, openers) = state.withLock { state in
            state.phase = .ended(error)
            defer {
                state.reader = nil
                state.openers = [:]
            }
            return (state.reader, state.openers)
        }
        reader?.resume(returning: state.withLock { $0.ending() })
        for opener in openers.values { opener.resume(returning: .failure(error ?? MongoError(.closed))) }
        report()
        core.streamStopped(self)
    }

    private func report() {
        let status = status
        let isNew = lastReported.withLock { last in
            defer { last = status }
            return last != status
        }
        if isNew { onStatus(status) }
    }
}

extension MongoError {
    /// Whether a change stream may resume after it, by the server's label (change streams specification).
    var isResumable: Bool { labels.contains("ResumableChangeStreamError") }
}

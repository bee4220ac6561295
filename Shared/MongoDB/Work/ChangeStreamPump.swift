// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import ThreadExecutor

/// A change stream's thread: reads events as long as there is room for them, and opens the stream again when it
/// breaks.
///
/// Two sides meet in ``ChangeStreamState``, which is under a lock. Its thread is here: each ``turn()`` opens the stream if
/// it is not open, or takes one step on it, and adds what came to the state. Readers, and those who wait for the stream to
/// be open, are in the other file, on any thread: they take from the state, or leave a continuation there, and wake the
/// thread when it has stopped for want of room. Continuations are resumed, and the status is reported, after the lock is
/// released.
///
/// The server's cursor and the client that it is on belong to the thread alone, from the first opening to the end: the
/// stream was stopped or is drained, or failed for good. Then the cursor is destroyed, the client given back, everybody told,
/// in this order.
final class ChangeStreamPump: EventSource {
    let core: ClientCore
    private let namespace: Namespace
    private let pipeline: BSONArray
    let options: MongoChangeStreamOptions
    private let onStatus: @Sendable (MongoChangeStream.Status) -> Void
    let executor = ThreadExecutor(name: "mongodb-watch")
    let state = Mutex(ChangeStreamState())
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

    /// After how long without a word from the server the stream counts as interrupted.
    private var silence: Duration { options.maxAwaitTime + .seconds(1) }

    /// Begins. From here on the executor and this object hold each other, until the stream is stopped.
    func start() { executor.setEventSource(self) }

    var status: MongoChangeStream.Status { state.withLock { $0.status(silence: silence) } }

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
        let endsSilence = if case .failed = step { false } else { noteSilence() }
        switch step {
        case .event(let event):
            add(.success(event), token: handle.resumeToken(behind: event))
            if event.kind == .invalidate {
                throw MongoError(.namespaceMissing, "the collection was dropped or renamed")
            }
        case .unreadable(let error):
            add(.failure(error), token: handle.resumeToken)
        case .nothing where endsSilence:
            // It may have been on its way since before what happened meanwhile.
            break
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
    ///
    /// - Returns: whether there was a silence.
    private func noteSilence() -> Bool {
        guard state.withLock({ $0.interruptAfter(silence) }) else { return false }
        report()
        state.withLock { $0.catchUp() }
        return true
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

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Logging
import Synchronization
import ThreadExecutor

/// What a client consists of: pool, queue, threads. It lives until the last thread has ended.
final class ClientCore: Sendable {
    private struct Lifecycle {
        /// Workers that still hold a client.
        var workers = 0
        var isClosing = false
        /// Whether those who wait for the end have been told.
        var isClosed = false
        var streams: [ObjectIdentifier: ChangeStreamPump] = [:]
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let configuration: MongoConfiguration
    let logger: Logger
    let queue: WorkQueue
    let pool: SharedPool
    /// Apart, because of a time limit of its own; see ``MongoConfiguration/changeStreamResumeTimeout``.
    let streamPool: SharedPool
    let watch: ServerWatch
    private let executors: [ThreadExecutor]
    private let timeExecutor = ThreadExecutor(name: "mongodb-time", stackSizeBytes: 512 << 10)
    private let lifecycle = Mutex(Lifecycle())
    private let numbers = Atomic<UInt64>(0)

    init(configuration: MongoConfiguration, logger: Logger) throws(MongoError) {
        try configuration.validate()
        self.configuration = configuration
        self.logger = logger
        let watch = ServerWatch()
        self.watch = watch
        pool = try SharedPool(isMadeNow: true) { () throws(MongoError) in
            try ClientPool(configuration, size: configuration.workers + 1, logger: logger, watch: watch)
        }
        streamPool = try SharedPool(isMadeNow: false) { () throws(MongoError) in
            try ClientPool(
                configuration, size: configuration.changeStreamLimit,
                minimumSocketTimeout: configuration.changeStreamResumeTimeout, logger: logger,
                watch: watch)
        }
        queue = WorkQueue(workers: configuration.workers, limit: configuration.queueLimit)
        executors = (0...queue.reserved).map { ThreadExecutor(name: "mongodb-\($0)") }
    }

    /// Starts the threads. From here on they keep this object alive, until ``close()``.
    func start() {
        lifecycle.withLock { $0.workers = executors.count }
        timeExecutor.setEventSource(Housekeeper(core: self))
        for (index, executor) in executors.enumerated() {
            executor.setEventSource(Worker(index: index, core: self, executor: executor))
        }
    }

    /// Whether any worker is doing something.
    var isBusy: Bool { queue.isBusy }

    func nextNumber() -> UInt64 { numbers.wrappingAdd(1, ordering: .relaxed).newValue }

    // MARK: Operations

    /// Runs `body` on a worker, and answers by the deadline whatever happens; at once when the task is cancelled. What a
    /// worker has begun it then goes on with, for nobody.
    ///
    /// - Parameters:
    ///   - timeout: for everything, the wait in the queue included; `nil` for the configured one.
    ///   - worker: the worker that must do it, because it holds a cursor; `nil` for any.
    func run<R: Sendable>(
        timeout: Duration?, isWrite: Bool, worker: Int? = nil, _ body: @escaping Operation<R>.Body
    ) async throws(MongoError) -> R {
        let now = ContinuousClock.now
        let operation = Operation(
            queueDeadline: now + configuration.queueTimeout,
            deadline: now + (timeout ?? configuration.operationTimeout), isWrite: isWrite, body: body)
        guard !MongoClient.ignoresCancellation else {
            return try await withCheckedContinuation { continuation in
                if operation.wait(continuation) { submit(operation, worker: worker) }
            }.get()
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if operation.wait(continuation) {
                    submit(operation, worker: worker)
                    // A cancellation between the wait and the addition has answered, and found nothing to remove.
                    if Task.isCancelled { _ = queue.remove(operation) }
                }
            }
        } onCancel: {
            operation.cancelEarly()
            let isUnsent = queue.remove(operation)
            operation.fail(MongoError(.cancelled, outcomeUnknown: isWrite && !isUnsent))
        }
        return try result.get()
    }

    private func submit(_ job: any Job, worker: Int?) {
        do throws(MongoError) {
            wake(try queue.add(job, worker: worker))
        } catch {
            job.fail(error)
        }
    }

    /// Has a worker do something that nobody waits for. Lost when the client is closed, which ends everything anyway.
    func runErrand(worker: Int, _ body: @escaping @Sendable (Connection) -> Void) {
        guard let wakes = try? queue.add(Errand(body), worker: worker, isForced: true) else { return }
        wake(wakes)
    }

    private func wake(_ wakes: WorkQueue.Wakes) {
        if let worker = wakes.worker { executors[worker].wake() }
        if wakes.housekeeper { timeExecutor.wake() }
    }

    // MARK: Change streams

    /// Starts a stream's thread. - Throws: ``MongoError/Code/closed``, or invalid argument over the limit.
    func start(_ stream: ChangeStreamPump) throws(MongoError) {
        let failure: MongoError? = lifecycle.withLock { state in
            if state.isClosing { return MongoError(.closed) }
            guard state.streams.count < configuration.changeStreamLimit else {
                return MongoError(.queueFull, "as many change streams as changeStreamLimit allows")
            }
            state.streams[ObjectIdentifier(stream)] = stream
            return nil
        }
        if let failure { throw failure }
        stream.start()
    }

    func streamStopped(_ stream: ChangeStreamPump) {
        lifecycle.withLock { $0.streams[ObjectIdentifier(stream)] = nil }
        timeExecutor.wake()
    }

    // MARK: The end

    /// Refuses new operations, fails waiting ones, and lets running ones end.
    func beginClose() {
        let streams = lifecycle.withLock { state in
            state.isClosing = true
            return Array(state.streams.values)
        }
        for job in queue.close() { job.fail(MongoError(.closed)) }
        for stream in streams { stream.stop() }
        for executor in executors { executor.wake() }
        timeExecutor.wake()
    }

    /// Returns when every thread has let go of its client; when the task is cancelled, at once, after ``abandon()``.
    func close() async {
        beginClose()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isClosed = lifecycle.withLock { state in
                    if !state.isClosed { state.waiters.append(continuation) }
                    return state.isClosed
                }
                if isClosed { continuation.resume() }
            }
        } onCancel: {
            abandon()
        }
    }

    /// Answers everybody who still waits, for an operation or for the end. A thread that is in a call ends when that
    /// returns: nothing but the server or a time limit can end it.
    private func abandon() {
        for job in queue.underWay { job.fail(MongoError(.closed, outcomeUnknown: job.isWrite)) }
        tellClosed()
    }

    private func tellClosed() {
        let waiters = lifecycle.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func workerStopped() {
        lifecycle.withLock { $0.workers -= 1 }
        timeExecutor.wake()
    }

    /// Takes the next step of the end, on the housekeeper's thread: destroying a pool joins the driver's threads, and tells
    /// the server of sessions that end.
    func closeFurther() {
        let (isReady, hasStreams) = lifecycle.withLock { state in
            (state.isClosing && state.workers == 0, !state.streams.isEmpty)
        }
        guard isReady else { return }
        pool.destroy()
        guard !hasStreams else { return }
        streamPool.destroy()
        timeExecutor.setEventSource(nil)
        tellClosed()
    }
}

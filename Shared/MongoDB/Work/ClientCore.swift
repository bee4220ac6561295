// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Logging
import Synchronization
import ThreadExecutor

/// What a client consists of: pool, queue, threads. It lives until the last thread has ended.
final class ClientCore: Sendable {
    private struct Lifecycle {
        /// Threads that still hold a client of the pool.
        var threads = 0
        var isClosing = false
        var isClosed = false
        var streams: [ObjectIdentifier: ChangeStreamPump] = [:]
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let configuration: MongoConfiguration
    let logger: Logger
    let queue: WorkQueue
    private let pool: Mutex<ClientPool?>
    private let executors: [ThreadExecutor]
    private let timeExecutor = ThreadExecutor(name: "mongodb-time", stackSizeBytes: 512 << 10)
    private let lifecycle = Mutex(Lifecycle())
    private let numbers = Atomic<UInt64>(0)

    init(configuration: MongoConfiguration, logger: Logger) throws(MongoError) {
        try configuration.validate()
        self.configuration = configuration
        self.logger = logger
        let size = configuration.workers + configuration.changeStreamLimit
        pool = Mutex(try ClientPool(configuration, size: size, logger: logger))
        queue = WorkQueue(workers: configuration.workers, limit: configuration.queueLimit)
        executors = (0..<configuration.workers).map { ThreadExecutor(name: "mongodb-\($0)") }
    }

    /// Starts the threads. From here on they keep this object alive, until ``close()``.
    func start() {
        lifecycle.withLock { $0.threads = executors.count }
        timeExecutor.setEventSource(Housekeeper(core: self))
        for (index, executor) in executors.enumerated() {
            executor.setEventSource(Worker(index: index, core: self, executor: executor))
        }
    }

    /// Whether any worker is doing something.
    var isBusy: Bool { queue.isBusy }

    func nextNumber() -> UInt64 { numbers.wrappingAdd(1, ordering: .relaxed).newValue }

    // MARK: Operations

    /// Runs `body` on a worker, and answers by the deadline whatever happens.
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
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if operation.wait(continuation) { submit(operation, worker: worker) }
            }
        } onCancel: {
            operation.cancelEarly()
            if queue.remove(operation) { operation.fail(MongoError(.cancelled)) }
        }
        return try result.get()
    }

    private func submit(_ job: any Job, worker: Int?) {
        do throws(MongoError) {
            wake(try queue.add(job, worker: worker))
            // A cancellation between the wait and the addition found nothing to remove.
            if Task.isCancelled, queue.remove(job) { job.fail(MongoError(.cancelled)) }
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

    // MARK: Clients of the pool

    func popClient() throws(MongoError) -> OpaquePointer {
        let popped: UInt? = pool.withLock { pool in
            // As a number, since a pointer does not leave the lock.
            guard let client = unsafe pool?.pop() else { return nil }
            return UInt(bitPattern: client)
        }
        guard let popped, let client = unsafe OpaquePointer(bitPattern: popped) else {
            throw MongoError(.closed, "no client left in the pool")
        }
        return unsafe client
    }

    func pushClient(_ client: OpaquePointer) {
        let number = UInt(bitPattern: client)
        pool.withLock { pool in
            guard let client = unsafe OpaquePointer(bitPattern: number) else { return }
            unsafe pool?.push(client)
        }
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
            state.threads += 1
            return nil
        }
        if let failure { throw failure }
        stream.start()
    }

    func streamStopped(_ stream: ChangeStreamPump) {
        lifecycle.withLock { $0.streams[ObjectIdentifier(stream)] = nil }
        threadStopped()
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
    }

    /// Returns when every thread has let go of its client and the pool is gone.
    func close() async {
        beginClose()
        await withCheckedContinuation { continuation in
            let isClosed = lifecycle.withLock { state in
                if !state.isClosed { state.waiters.append(continuation) }
                return state.isClosed
            }
            if isClosed { continuation.resume() }
        }
    }

    func threadStopped() {
        let isLast = lifecycle.withLock { state in
            state.threads -= 1
            return state.isClosing && state.threads == 0
        }
        if isLast { timeExecutor.wake() }
    }

    /// Whether all clients are back in the pool and none will be taken any more.
    var mayDestroyPool: Bool { lifecycle.withLock { $0.isClosing && $0.threads == 0 } }

    /// On the housekeeper's thread: it joins the driver's monitoring threads.
    func destroyPool() {
        timeExecutor.setEventSource(nil)
        pool.withLock { $0 = nil }
        let waiters = lifecycle.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

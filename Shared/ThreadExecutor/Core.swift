// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What a ``ThreadExecutor`` and its thread share. It outlives the executor, so that the thread can finish in peace.
final class Core: Sendable {
    /// Safe although the executor is unowned: whoever awaits the job holds its actor, which holds the executor.
    @safe
    private struct Job {
        let job: UnownedJob
        let executor: UnownedSerialExecutor

        func run() { unsafe job.runSynchronously(on: executor) }
    }

    private struct State {
        var jobs: [Job] = []
        var source: (any EventSource)?
        /// The thread waits in `poll(2)`, or will without looking at the queue again: only then is a wake needed.
        var isWaiting = false
        /// A wake that came while the thread was busy: it must not wait before another turn.
        var isWakePending = false
        var isStopped = false
    }

    private let name: String
    private let state = Mutex(State())
    private let thread = Atomic<UInt>(0)
    private let wakeReader: CInt
    private let wakeWriter: CInt

    init(name: String) {
        self.name = name
        var ends: [CInt] = [-1, -1]
        // A pipe rather than an eventfd: it is the same on every platform, and only a sleeping thread costs a write.
        let made = unsafe pipe(&ends)
        precondition(made == 0, "pipe: errno \(errno)")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        wakeReader = ends[0]
        wakeWriter = ends[1]
    }

    deinit {
        close(wakeReader)
        close(wakeWriter)
    }

    var isCurrentThread: Bool { thread.load(ordering: .acquiring) == currentThreadID() }

    func start(stackSizeBytes: Int) {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        unsafe pthread_attr_setstacksize(&attributes, max(stackSizeBytes, 64 << 10))
        // Retained here once, released by the thread's entry function once.
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        #if canImport(Darwin)
        var id: pthread_t?
        #else
        var id = pthread_t()
        #endif
        let made = unsafe pthread_create(&id, &attributes, threadEntry, context)
        precondition(made == 0, "pthread_create: error \(made)")
        unsafe pthread_attr_destroy(&attributes)
    }

    func enqueue(_ job: UnownedJob, on executor: UnownedSerialExecutor) {
        let job = unsafe Job(job: job, executor: executor)
        signal { $0.jobs.append(job) }
    }

    func setEventSource(_ source: (any EventSource)?) {
        signal {
            $0.source = source
            $0.isWakePending = true
        }
    }

    func wake() { signal { $0.isWakePending = true } }

    func stop() {
        signal {
            $0.isStopped = true
            $0.source = nil
        }
    }

    private func signal(_ change: (inout State) -> Void) {
        let mustWrite = state.withLock { state in
            change(&state)
            defer { state.isWaiting = false }
            return state.isWaiting
        }
        if mustWrite {
            var byte: UInt8 = 1
            // A full pipe already holds a wake.
            _ = unsafe write(wakeWriter, &byte, 1)
        }
    }

    // MARK: On the thread

    private enum Next {
        case run([Job])
        case turn((any EventSource)?)
        case end
    }

    fileprivate func loop() {
        setThreadName(name)
        thread.store(currentThreadID(), ordering: .releasing)
        while true {
            let next: Next = state.withLock { state in
                if !state.jobs.isEmpty {
                    let jobs = state.jobs
                    state.jobs = []
                    return .run(jobs)
                }
                if state.isStopped { return .end }
                state.isWakePending = false
                return .turn(state.source)
            }
            switch next {
            case .run(let jobs):
                for job in jobs { job.run() }
            case .turn(let source):
                let wait = source?.turn() ?? EventWait()
                let mayWait = state.withLock { state in
                    let idle = state.jobs.isEmpty && !state.isWakePending && !state.isStopped
                    state.isWaiting = idle
                    return idle
                }
                if mayWait { self.wait(for: wait) }
            case .end:
                return
            }
        }
    }

    private func wait(for wait: EventWait) {
        var descriptors = [pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0)]
        if let readable = wait.readable {
            let events = Int16(POLLIN) | (wait.writable == readable ? Int16(POLLOUT) : 0)
            descriptors.append(pollfd(fd: readable, events: events, revents: 0))
        }
        if let writable = wait.writable, writable != wait.readable {
            descriptors.append(pollfd(fd: writable, events: Int16(POLLOUT), revents: 0))
        }
        // An interrupted or failed wait is a short one: the loop looks at everything again.
        _ = unsafe poll(&descriptors, nfds_t(descriptors.count), milliseconds(wait.timeout))
        state.withLock { $0.isWaiting = false }
        if descriptors[0].revents != 0 {
            var bytes: (UInt64, UInt64) = (0, 0)
            while unsafe read(wakeReader, &bytes, 16) == 16 {}
        }
    }
}

/// `poll(2)`'s timeout: rounded up, so that a wait for the last fraction of a millisecond does not spin.
private func milliseconds(_ timeout: Duration?) -> CInt {
    guard let timeout else { return -1 }
    guard timeout > .zero else { return 0 }
    let (seconds, attoseconds) = timeout.components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return CInt(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
}

private func currentThreadID() -> UInt {
    #if canImport(Darwin)
    return unsafe UInt(bitPattern: pthread_self())
    #else
    return UInt(pthread_self())
    #endif
}

private func setThreadName(_ name: String) {
    #if canImport(Darwin)
    _ = unsafe pthread_setname_np(name)
    #else
    // pthread_setname_np is a GNU extension that Swift does not see; the kernel offers the same as a file.
    let file = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = unsafe Array(name.utf8.prefix(15)).withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
    close(file)
    #endif
}

#if canImport(Darwin)
private func threadEntry(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    unsafe Unmanaged<Core>.fromOpaque(context).takeRetainedValue().loop()
    return nil
}
#else
private func threadEntry(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context = unsafe context {
        unsafe Unmanaged<Core>.fromOpaque(context).takeRetainedValue().loop()
    }
    return nil
}
#endif

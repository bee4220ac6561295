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

/// A serial executor that owns one thread, for an actor around a C handle that belongs to a thread or may block.
///
/// Swift's cooperative threads must never wait in a C call: there are as many as cores, and each that waits is lost
/// to everyone. An actor that returns a `ThreadExecutor` as its `unownedExecutor` runs on this thread alone, so its
/// methods may block, and a C library that forbids sharing a handle between threads is obeyed by the compiler's own
/// isolation checks.
///
/// Between jobs the thread waits in `poll(2)`. An ``EventSource`` adds a descriptor of its own to that wait, which
/// makes the thread an event loop for one connection.
///
/// - Lifetime: the thread ends after the executor is released and the jobs enqueued until then have run. Nothing
///   has to be stopped by hand, and no job can arrive after the end.
/// - Thread safety: every method may be called from any thread.
public final class ThreadExecutor: SerialExecutor {
    private let core: Core

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: the thread's name in debuggers and `top -H`; Linux shows the first 15 bytes.
    ///   - stackSizeBytes: at least 64 KiB. The default of 8 MiB leaves room for C code that recurses on input.
    public init(name: String, stackSizeBytes: Int = 8 << 20) {
        core = Core(name: name)
        core.start(stackSizeBytes: stackSizeBytes)
    }

    deinit { core.stop() }

    /// Adds a job to the end of the queue and wakes the thread when it waits.
    public func enqueue(_ job: consuming ExecutorJob) {
        unsafe core.enqueue(UnownedJob(job), on: asUnownedSerialExecutor())
    }

    /// Whether the calling code runs on this executor's thread.
    public func isIsolatingCurrentContext() -> Bool? { core.isCurrentThread }

    /// Stops the program when the calling code does not run on this executor's thread.
    public func checkIsolated() {
        precondition(core.isCurrentThread, "not on the thread of this executor")
    }

    /// Makes the thread call `source` before each wait; `nil` removes the present one.
    ///
    /// The executor keeps the source alive. Set it back to `nil` from the source's own teardown.
    public func setEventSource(_ source: (any EventSource)?) {
        core.setEventSource(source)
    }

    /// Makes the thread call its ``EventSource`` again soon, even if no job is waiting.
    public func wake() { core.wake() }
}

/// Something that a ``ThreadExecutor`` waits for besides jobs, such as a socket.
public protocol EventSource: AnyObject, Sendable {
    /// Handles what is ready without blocking, and says what to wait for next.
    ///
    /// Called on the executor's thread: before every wait, so after each batch of jobs, after each
    /// ``ThreadExecutor/wake()``, and when the descriptor became ready or the timeout passed.
    func turn() -> EventWait
}

/// What a ``ThreadExecutor`` waits for on behalf of its ``EventSource``.
public struct EventWait: Sendable, Equatable {
    /// The descriptor to watch for input, or `nil` for none.
    public var readable: CInt?
    /// The descriptor to watch for room to write, or `nil` for none. May equal ``readable``.
    public var writable: CInt?
    /// The longest wait; `nil` waits until something happens.
    public var timeout: Duration?

    /// Describes a wait; without arguments, one that only a job or ``ThreadExecutor/wake()`` ends.
    public init(readable: CInt? = nil, writable: CInt? = nil, timeout: Duration? = nil) {
        self.readable = readable
        self.writable = writable
        self.timeout = timeout
    }
}

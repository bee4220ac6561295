// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#if THREAD_SANITIZER
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Stands in for `Synchronization.Mutex` in builds for the thread sanitizer (`-Xswiftc -DTHREAD_SANITIZER`).
///
/// The sanitizer does not see that one: its lock is a futex inside a library that is not instrumented, so that every
/// value under it would be reported as raced for. It sees `pthread_mutex_t`. Each module has this file, the others by
/// a link: a type of the module itself goes before an imported one.
///
/// Unchecked: the value is touched under the lock only, which is all that `Sendable` asks for.
@safe
struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    init(_ initialValue: consuming sending Value) {
        unsafe lock = .allocate(capacity: 1)
        unsafe lock.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(lock, nil)
        unsafe value = .allocate(capacity: 1)
        unsafe value.initialize(to: initialValue)
    }

    deinit {
        unsafe value.deinitialize(count: 1)
        unsafe value.deallocate()
        unsafe pthread_mutex_destroy(lock)
        unsafe lock.deallocate()
    }

    borrowing func withLock<R: ~Copyable, E: Error>(
        _ body: (inout sending Value) throws(E) -> sending R
    ) throws(E) -> sending R {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        return try unsafe body(&value.pointee)
    }
}
#endif

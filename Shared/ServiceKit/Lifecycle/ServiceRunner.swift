// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
public import ServiceLifecycle
internal import UnixSignals

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Runs the parts of a service from start to stop.
///
/// Parts start in order and stop in reverse, each after the one behind it has ended: HTTP, given last, stops accepting
/// and finishes what is in flight while broker and stores still work. SIGTERM or SIGINT begins the stop, and
/// `/ready` answers 503 from then on. ``StopLimits`` shares the time out. A second signal ends the process at once.
public struct ServiceRunner: Sendable {
    private let name: String
    private let version: String
    private let health: Health
    private let limits: StopLimits
    private let logger: Logger

    /// Prepares a run.
    ///
    /// - Parameter limits: how long a stop may take.
    public init(
        name: String, version: String, health: Health, limits: StopLimits = StopLimits(), logger: Logger
    ) {
        self.name = name
        self.version = version
        self.health = health
        self.limits = limits
        self.logger = logger
    }

    /// Runs until a signal or the failure of a part, and ends the process.
    ///
    /// The exit status is 0 after a stop, 1 after the failure of a part or of its stop, 128 and a second signal's number.
    ///
    /// - Parameters:
    ///   - services: stores, broker, relays, in the order of their start.
    ///   - http: what takes requests; starts last and stops first.
    public func run(_ services: [any Service], http: any Service) async -> Never {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let parts = services + [TimeLimitedStop(part: http, limit: limits.requests)]
        // Not `exit`: a thread may still wait in a C call for a server that is silent, and the libraries' handlers would
        // take away under it what it uses (exit(3) runs them while other threads go on).
        _exit(await run(parts, signals: signals) { _exit($0) })
    }

    func run<Signals: AsyncSequence & Sendable>(
        _ services: [any Service], signals: Signals, abort: @escaping @Sendable (Int32) -> Void
    ) async -> Int32 where Signals.Element == UnixSignal {
        logger.notice("starting", metadata: ["service": .string(name), "version": .string(version)])
        var configuration = ServiceGroupConfiguration(services: services, logger: quiet(logger))
        configuration.maximumGracefulShutdownDuration = limits.order
        // After a failure the other parts are cancelled. One that ignores it must not keep the process half alive: the
        // group then ends it.
        configuration.maximumCancellationDuration = limits.total
        let group = ServiceGroup(configuration: configuration)
        let status = await withTaskGroup(of: Int32?.self) { tasks in
            tasks.addTask { await runParts(group) }
            tasks.addTask {
                await watch(signals, group, abort)
                return nil
            }
            defer { tasks.cancelAll() }
            for await status in tasks { if let status { return status } }
            return 1
        }
        logger.notice("stopped", metadata: ["status": "\(status)"])
        return status
    }

    private func runParts(_ group: ServiceGroup) async -> Int32 {
        do {
            try await group.run()
            return 0
        } catch is CancellationError where health.isDraining {
            logger.warning("the stop was cut short")
            return 0
        } catch {
            logger.critical("a part of the service failed", metadata: ["error": .string("\(error)")])
            return 1
        }
    }

    private func watch<Signals: AsyncSequence & Sendable>(
        _ signals: Signals, _ group: ServiceGroup, _ abort: @escaping @Sendable (Int32) -> Void
    ) async where Signals.Element == UnixSignal {
        await withDiscardingTaskGroup { tasks in
            var isStopping = false
            var iterator = signals.makeAsyncIterator()
            while let signal = try? await iterator.next() {
                if isStopping {
                    logger.error("stopping at once: a second signal", metadata: ["signal": "\(signal)"])
                    abort(128 + signal.number)
                    break
                }
                isStopping = true
                logger.notice("stopping", metadata: ["signal": "\(signal)"])
                health.beginDraining()
                await group.triggerGracefulShutdown()
                tasks.addTask {
                    try? await Task.sleep(for: limits.total)
                    guard !Task.isCancelled else { return }
                    logger.critical("a part does not end although it was cancelled: the process ends without it")
                    abort(1)
                }
            }
            tasks.cancelAll()
        }
    }

    /// The group tells of every step at debug and of every service's name at info; the steps that matter are ours.
    private func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}

extension UnixSignal {
    fileprivate var number: Int32 { self == .sigint ? SIGINT : SIGTERM }
}

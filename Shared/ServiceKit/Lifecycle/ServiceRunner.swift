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
/// `/ready` answers 503 from then on. A second signal ends the process at once; so does the time limit.
public struct ServiceRunner: Sendable {
    private let name: String
    private let version: String
    private let health: Health
    private let drainTimeout: Duration
    private let logger: Logger

    /// Prepares a run.
    ///
    /// - Parameter drainTimeout: how long the whole stop may take.
    public init(
        name: String, version: String, health: Health, drainTimeout: Duration = .seconds(10), logger: Logger
    ) {
        self.name = name
        self.version = version
        self.health = health
        self.drainTimeout = drainTimeout
        self.logger = logger
    }

    /// Runs until a signal or the failure of a part.
    ///
    /// - Parameters:
    ///   - services: stores, broker, relays, in the order of their start.
    ///   - http: what takes requests; starts last and stops first.
    /// - Returns: the exit status: 0 after a clean stop, 1 after a failure. Does not return when the stop took too long
    ///   (status 1) or a second signal came (128 and its number): the process has ended then.
    public func run(_ services: [any Service], http: any Service) async -> Int32 {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        return await run(services + [http], signals: signals) { _exit($0) }
    }

    func run<Signals: AsyncSequence & Sendable>(
        _ services: [any Service], signals: Signals, abort: @escaping @Sendable (Int32) -> Void
    ) async -> Int32 where Signals.Element == UnixSignal {
        logger.notice("starting", metadata: ["service": .string(name), "version": .string(version)])
        var configuration = ServiceGroupConfiguration(services: services, logger: quiet(logger))
        // After a failure the other parts are cancelled. One that ignores it must not keep the process half alive: the
        // group then ends it.
        configuration.maximumCancellationDuration = drainTimeout
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
                    try? await Task.sleep(for: drainTimeout)
                    guard !Task.isCancelled else { return }
                    logger.critical("the stop took too long: what is still in flight is cut off")
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

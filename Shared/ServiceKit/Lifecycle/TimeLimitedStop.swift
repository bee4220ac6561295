// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import ServiceLifecycle

/// A part that is cancelled when its stop takes too long, while those behind it go on.
struct TimeLimitedStop: Service {
    private enum Step: Sendable {
        case ended(Result<Void, any Error>)
        case overdue
    }

    let part: any Service
    /// Counted from the beginning of the part's graceful shutdown.
    let limit: Duration

    func run() async throws {
        try await withTaskGroup(of: Step.self) { group in
            group.addTask {
                do {
                    try await part.run()
                    return .ended(.success(()))
                } catch {
                    return .ended(.failure(error))
                }
            }
            group.addTask {
                try? await gracefulShutdown()
                try? await Task.sleep(for: limit)
                return .overdue
            }
            defer { group.cancelAll() }
            var isOverdue = false
            for await step in group {
                switch step {
                case .ended(let result): return isOverdue ? .success(()) : result
                case .overdue:
                    isOverdue = true
                    group.cancelAll()
                }
            }
            return .success(())
        }.get()
    }
}

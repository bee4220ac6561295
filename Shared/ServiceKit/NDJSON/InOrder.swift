// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Works on the elements of a sequence, several at a time, and delivers what comes of them in their order, while it reads
/// on.
///
/// Nothing is read ahead of the work, and no work begins ahead of the deliveries, so that memory is bounded however slow
/// work and deliveries are.
///
/// When the sequence fails, what was begun is finished and delivered first. When a delivery fails, or the task is
/// cancelled, what was begun is cancelled.
///
/// - Parameters:
///   - source: read by one task, and no further than there is room.
///   - limit: how many elements may be worked on or wait for those before them. Twice as many outputs may be in memory:
///     as many again may be in delivery.
///   - priority: that of the work.
///   - work: what to do with an element; runs in a task of its own.
///   - deliver: takes outputs, one or more; not called again before it returns.
/// - Throws: what the source or `deliver` throws.
@concurrent
func inOrder<Source: AsyncSequence & Sendable, Output: Sendable>(
    _ source: Source, limit: Int, priority: TaskPriority? = nil,
    work: @escaping @Sendable (Source.Element) async -> Output,
    deliver: @concurrent ([Output]) async throws -> Void
) async throws where Source.Element: Sendable {
    let window = OrderedWindow<Output>(limit: limit)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            let end: Result<Void, any Error> = await withDiscardingTaskGroup { workers in
                do {
                    for try await element in source {
                        let place = try await window.begin()
                        workers.addTask(priority: priority) { window.fill(place, await work(element)) }
                    }
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
            window.finish(end)
        }
        while let outputs = try await window.next() { try await deliver(outputs) }
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A point in a stream's past, or its present.
public enum HistoryMoment: Sendable, Hashable {
    /// After this version.
    case version(Int64)
    /// At this time: before the first event that was recorded later. A time to come means the present.
    case time(Timestamp)
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// Where a stream ends.
struct StreamHead: Sendable {
    /// The version of the last event; 0 before there is one.
    var version: Int64 = 0
    /// When it was recorded.
    var recordedAt = Timestamp(millisecondsSinceEpoch: 0)

    /// Whichever is further.
    func latest(_ other: StreamHead) -> StreamHead { other.version > version ? other : self }
}

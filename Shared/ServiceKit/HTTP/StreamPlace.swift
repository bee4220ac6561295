// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A stream's place among those that there may be. It is given back when nobody holds it any more: however the stream
/// ends, and if it never begins.
public final class StreamPlace: Sendable {
    private let giveBack: @Sendable () -> Void

    init(_ giveBack: @escaping @Sendable () -> Void) { self.giveBack = giveBack }

    deinit { giveBack() }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird

/// What a request calls an entity.
enum EntityAddress: Sendable {
    /// What it is looked up by, and the claim that whoever has it holds.
    case key(String, Claim)
    /// Its stream.
    case stream(StreamID)
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How far the switch from the serving generation to the one on standby is.
///
/// Readers learn of a step at different moments, so that each step must give the same answers as the one before it: that
/// is what the pauses are for.
public enum Handover: String, Sendable, Equatable, Codable {
    /// The one on standby is not fed, and the serving one is brought up to it wherever it is behind: so it is never
    /// newer, and it makes no difference who reads it as well.
    case aligning
    /// Both are read, and for each stream the newer document counts. Still the one on standby is not fed.
    case joined
    /// Both are read. Now the serving one is not fed, and the other one is brought up to it: so it makes no difference
    /// who still reads it.
    case catchingUp
    /// The switch has happened. What served before is on standby, and not fed before all readers know.
    case settling
}

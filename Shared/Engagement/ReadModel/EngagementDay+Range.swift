// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

extension EngagementDay {
    /// The last days up to that of a moment, in order.
    ///
    /// - Parameter count: how many, at least 1.
    public static func last(_ count: Int, until moment: Timestamp) -> [String] {
        (0..<Int64(count)).reversed().map { ago in
            day(of: Timestamp(millisecondsSinceEpoch: moment.millisecondsSinceEpoch - 86_400_000 * ago))
        }
    }
}

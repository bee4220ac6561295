// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Decides which spans are recorded: the standard samplers of the OpenTelemetry specification (Trace SDK, "Built-in
/// samplers").
public struct Sampler: Sendable, Hashable {
    /// What of those traces that begin here is recorded.
    enum Root: Sendable, Hashable {
        case all
        case none
        /// Those whose identifier's lower half is less than this.
        case below(UInt64)
    }

    let root: Root
    /// Whether a span with a parent is recorded if its parent is; otherwise every span is decided for itself.
    let followsParent: Bool

    /// Every trace, unless it was decided before it came here that it is not recorded.
    public static let parentBasedAlwaysOn = Sampler(root: .all, followsParent: true)

    /// The names of `OTEL_TRACES_SAMPLER`.
    static let names = [
        "always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off",
        "parentbased_traceidratio",
    ]

    init(root: Root, followsParent: Bool) {
        self.root = root
        self.followsParent = followsParent
    }

    /// A sampler by its name in `OTEL_TRACES_SAMPLER`.
    ///
    /// - Parameters:
    ///   - name: one of six.
    ///   - ratio: 0 to 1, for those with a ratio.
    /// - Returns: `nil` for another name.
    init?(_ name: String, ratio: Double) {
        guard Self.names.contains(name) else { return nil }
        let parentBased = "parentbased_"
        followsParent = name.hasPrefix(parentBased)
        switch followsParent ? String(name.dropFirst(parentBased.count)) : name {
        case "always_on": root = .all
        case "always_off": root = .none
        default: root = .ratio(ratio)
        }
    }

    /// Whether a span is recorded.
    func samples(_ trace: TraceID, parent: SpanContext?) -> Bool {
        if followsParent, let parent { return parent.isSampled }
        return switch root {
        case .all: true
        case .none: false
        case .below(let bound): trace.low < bound
        }
    }
}

extension Sampler.Root {
    /// This share of the traces, 0 to 1. All who sample by a smaller share record a part of the same traces: the bound is
    /// that of OpenTelemetry's own SDKs, the lower 64 bits of the identifier below 2⁶⁴ times the ratio.
    static func ratio(_ ratio: Double) -> Sampler.Root {
        let bound = (ratio * 0x1p64).rounded(.toNearestOrEven)
        return bound >= 0x1p64 ? .all : .below(UInt64(max(0, bound)))
    }
}

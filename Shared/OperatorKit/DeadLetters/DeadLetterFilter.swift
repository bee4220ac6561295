// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import ArgumentParser
internal import CQRS
internal import CQRSAMQP
internal import Essentials

/// Which letters a command is about, beside their ids.
struct DeadLetterFilter: ParsableArguments {
    @Option(
        name: .customLong("reason"),
        help: ArgumentHelp(
            "Only letters with this reason: \(Self.known.joined(separator: ", ")). May be repeated.",
            valueName: "reason"))
    var reasons: [String] = []

    @Option(help: ArgumentHelp("Only letters of this stream: user-UUID, or the UUID alone.", valueName: "stream"))
    var stream: String?

    /// Every reason that a letter of ours can have: the projector's and, with hyphens, the broker's own
    /// (https://www.rabbitmq.com/docs/dlx#effects).
    static let known =
        MalformedEvent.Reason.allCases.map(\.rawValue) + ["delivery-limit", "expired", "maxlen", "rejected"]

    func validate() throws {
        for reason in reasons where !Self.known.contains(reason) {
            throw ValidationError("--reason takes one of \(Self.known.joined(separator: ", "))")
        }
        guard let stream else { return }
        guard StreamID(stream.lowercasedASCII()) != nil || UUIDv7(stream) != nil else {
            throw ValidationError("--stream takes the name of a stream, such as user-UUID, or a UUID")
        }
    }

    /// Whether nothing is filtered.
    var isEmpty: Bool { reasons.isEmpty && stream == nil }

    /// Whether a letter passes.
    func matches(_ letter: DeadLetterRecord) -> Bool {
        if !reasons.isEmpty, !reasons.contains(letter.reason ?? "") { return false }
        guard let wanted = stream?.lowercasedASCII() else { return true }
        guard let stream = letter.stream.flatMap({ StreamID($0) }) else { return false }
        return stream.name.lowercasedASCII() == wanted || stream.entity.lowercased() == wanted
    }
}

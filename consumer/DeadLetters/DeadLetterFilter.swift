// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import CQRS
import CQRSAMQP

/// Which letters a command is about, beside their ids.
struct DeadLetterFilter: ParsableArguments {
    @Option(
        name: .customLong("reason"),
        help: ArgumentHelp("Only letters with this reason. May be repeated.", valueName: "reason"))
    var reasons: [String] = []

    @Option(help: ArgumentHelp("Only letters of this stream: user-UUID, or the UUID alone.", valueName: "stream"))
    var stream: String?

    func validate() throws {
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

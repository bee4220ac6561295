// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// From configuration keys to environment variables, by the rule of swift-configuration.
enum EnvironmentName {
    /// `["amqp", "heartbeatMs"]` is `AMQP_HEARTBEAT_MS`.
    static func encode(_ components: [String]) -> String {
        components.map(encode).joined(separator: "_")
    }

    private static func encode(_ component: String) -> String {
        var name = ""
        var previous: Character?
        for character in component {
            if let previous, previous.isLowercase, character.isUppercase { name.append("_") }
            name += character.isLetter || character.isNumber ? character.uppercased() : "_"
            previous = character
        }
        return name
    }
}

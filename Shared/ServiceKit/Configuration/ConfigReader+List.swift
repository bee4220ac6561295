// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Configuration

extension ConfigReader {
    /// Words with commas between them, and spaces around them; none by default.
    func list(_ key: ConfigKey, default defaultValue: String = "") throws(ConfigurationError) -> [String] {
        try text(key, default: defaultValue).split(separator: ",")
            .map { String($0.drop(while: \.isSpace).reversed().drop(while: \.isSpace).reversed()) }
            .filter { !$0.isEmpty }
    }
}

extension Character {
    fileprivate var isSpace: Bool { self == " " || self == "\t" }
}

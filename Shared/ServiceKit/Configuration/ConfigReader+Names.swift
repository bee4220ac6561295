// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration

extension ConfigReader {
    /// The beginning of URLs: `http://` or `https://` and a host; slashes at the end are dropped.
    public func baseURL(_ key: ConfigKey, default defaultValue: String) throws(ConfigurationError) -> String {
        var url = Substring(try text(key, default: defaultValue))
        while url.last == "/" { url.removeLast() }
        let isValid =
            ["http://", "https://"].contains { url.hasPrefix($0) && url.count > $0.count }
            && url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isValid else {
            throw ConfigurationError(
                name: environmentName(key), problem: "is \"\(url.prefix(64))\", but must be an http:// or https:// URL")
        }
        return String(url)
    }

    /// The name of a MongoDB database: 1 to 63 letters, digits, `_` and `-`.
    public func databaseName(_ key: ConfigKey, default defaultValue: String) throws(ConfigurationError) -> String {
        let name = try text(key, default: defaultValue)
        let isValid =
            (1...63).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        guard isValid else {
            throw ConfigurationError(
                name: environmentName(key),
                problem: "is \"\(name.prefix(64))\", but must be 1 to 63 letters, digits, _ and -")
        }
        return name
    }
}

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
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration

/// Settings with a range. All throw ``ConfigurationError`` with the whole name of the environment variable; an empty
/// value counts as absent, as compose files write it.
extension ConfigReader {
    /// A string that is not empty.
    public func text(_ key: ConfigKey, default defaultValue: String) throws(ConfigurationError) -> String {
        present(key) ?? defaultValue
    }

    /// A string that must be there.
    public func requiredText(_ key: ConfigKey) throws(ConfigurationError) -> String {
        guard let value = present(key) else { throw missing(key) }
        return value
    }

    /// A secret that must be there; its value never gets into an error or a report.
    public func requiredSecret(_ key: ConfigKey) throws(ConfigurationError) -> String {
        guard let value = present(key, isSecret: true) else { throw missing(key) }
        return value
    }

    /// A whole number within `range`.
    public func boundedInt(
        _ key: ConfigKey, default defaultValue: Int, in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int {
        guard let text = present(key) else { return defaultValue }
        guard let value = Int(text), range.contains(value) else {
            throw bad(key, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A time in whole milliseconds within `range`. The key ends in `Ms`, the variable in `_MS`.
    public func milliseconds(
        _ key: ConfigKey, default defaultValue: Duration, in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Duration {
        precondition(key.components.last?.hasSuffix("Ms") == true, "the key of a time must end in Ms")
        guard let text = present(key) else { return defaultValue }
        guard let value = Int(text), range.contains(value) else {
            throw bad(key, text, "milliseconds, a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return .milliseconds(value)
    }

    /// `true` or `false`; also `1`, `yes`, `on` and `0`, `no`, `off`, in any case.
    public func flag(_ key: ConfigKey, default defaultValue: Bool) throws(ConfigurationError) -> Bool {
        guard let text = present(key) else { return defaultValue }
        switch text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default: throw bad(key, text, "true or false")
        }
    }

    /// One of a few words, in any case; returned in the spelling of `words`.
    public func choice(
        _ key: ConfigKey, default defaultValue: String, of words: [String]
    ) throws(ConfigurationError) -> String {
        guard let text = present(key) else { return defaultValue }
        guard let word = words.first(where: { $0.lowercased() == text.lowercased() }) else {
            throw bad(key, text, "one of " + words.joined(separator: ", "))
        }
        return word
    }

    /// One of an enumeration's cases, by raw value.
    public func choice<Value: RawRepresentable & CaseIterable>(
        _ key: ConfigKey, default defaultValue: Value
    ) throws(ConfigurationError) -> Value where Value.RawValue == String {
        let word = try choice(key, default: defaultValue.rawValue, of: Value.allCases.map(\.rawValue))
        return Value(rawValue: word) ?? defaultValue
    }

    private func present(_ key: ConfigKey, isSecret: Bool = false) -> String? {
        guard let value = string(forKey: key, isSecret: isSecret), !value.isEmpty else { return nil }
        return value
    }

    private func missing(_ key: ConfigKey) -> ConfigurationError {
        ConfigurationError(name: environmentName(key), problem: "is not set, but must be")
    }

    private func bad(_ key: ConfigKey, _ value: String, _ allowed: String) -> ConfigurationError {
        ConfigurationError(name: environmentName(key), problem: "is \"\(value.prefix(64))\", but must be \(allowed)")
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Configuration

/// Tells the name of the environment variable behind a key.
///
/// A scoped reader does not reveal its scope, but an error must name the whole variable. This provider stands first in
/// the reader and answers only questions with ``question`` in their context: with the name itself.
struct EnvironmentNameProvider: ConfigProvider, ConfigSnapshot {
    static let question = "environmentName"

    /// Standing first, this is asked for every key.
    let asked: AskedNames

    var providerName: String { "environment names" }

    func value(forKey key: AbsoluteConfigKey, type: ConfigType) -> LookupResult {
        let name = EnvironmentName.encode(key.components)
        asked.add(name)
        let isAsked = key.context[Self.question] != nil && type == .string
        return LookupResult(encodedKey: name, value: isAsked ? ConfigValue(.string(name), isSecret: false) : nil)
    }

    func fetchValue(forKey key: AbsoluteConfigKey, type: ConfigType) async throws -> LookupResult {
        value(forKey: key, type: type)
    }

    func watchValue<Return: ~Copyable>(
        forKey key: AbsoluteConfigKey, type: ConfigType,
        updatesHandler: (
            _ updates: ConfigUpdatesAsyncSequence<Result<LookupResult, any Error>, Never>
        ) async throws -> Return
    ) async throws -> Return {
        try await watchValueFromValue(forKey: key, type: type, updatesHandler: updatesHandler)
    }

    func snapshot() -> any ConfigSnapshot { self }

    func watchSnapshot<Return: ~Copyable>(
        updatesHandler: (_ updates: ConfigUpdatesAsyncSequence<any ConfigSnapshot, Never>) async throws -> Return
    ) async throws -> Return {
        try await watchSnapshotFromSnapshot(updatesHandler: updatesHandler)
    }
}

extension ConfigReader {
    /// The environment variable of a key; the key itself, encoded alone, when the reader was made elsewhere.
    func environmentName(_ key: ConfigKey) -> String {
        let asked = ConfigKey(key.components, context: [EnvironmentNameProvider.question: true])
        return string(forKey: asked, default: EnvironmentName.encode(key.components))
    }
}

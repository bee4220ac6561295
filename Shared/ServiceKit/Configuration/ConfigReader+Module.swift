// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration
internal import Essentials

extension ConfigReader {
    /// Reads the settings of a module that knows its keys but not how an operator names them.
    ///
    /// - Parameters:
    ///   - scope: the module's scope, such as `amqp`.
    ///   - read: reads from a reader of that scope.
    /// - Throws: ``ConfigurationError`` with the environment variable's name for an `InvalidSetting`; other errors as
    ///   they are.
    public func module<Settings>(_ scope: ConfigKey, _ read: (ConfigReader) throws -> Settings) throws -> Settings {
        let reader = scoped(to: scope)
        do {
            return try read(reader)
        } catch let error as any InvalidSetting {
            throw ConfigurationError(
                name: reader.environmentName(ConfigKey(error.key)), problem: "cannot be used: \(error.problem)")
        }
    }
}

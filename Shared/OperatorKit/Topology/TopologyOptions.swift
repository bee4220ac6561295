// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import ArgumentParser
internal import CQRSAMQP
internal import Configuration
internal import ServiceKit

/// What the commands on the topology share: where the broker and its management API are.
struct TopologyOptions<Owner: ReadModelOwner>: ParsableArguments {
    @Option(
        name: .customLong("management"),
        help: ArgumentHelp(
            """
            The management API, such as http://user:password@host:15672, for what AMQP cannot say or do. Without a user the \
            one of AMQP_URL. RABBITMQ_MANAGEMENT_URL does the same without showing the password to other users of this \
            machine.
            """, valueName: "URL"))
    var management: String?

    @OptionGroup private var service: ServiceOptions

    /// That of all read models.
    static var topology: BrokerTopology { EventTopology.whole(Owner.readModels) }

    /// Reads the settings and runs `body` with the broker's and the management API, if one is named.
    func run(_ body: (AMQPConfiguration, ManagementAPI?) async throws -> Int32) async throws {
        try await service.run { reader in
            var broker = try SystemConfiguration(reader: reader).amqp
            broker.connectionName = broker.connectionName ?? "consumer topology"
            return (broker, try managementAPI(reader, broker))
        } _: { broker, management in
            try await body(broker, management)
        }
    }

    private func managementAPI(_ reader: ConfigReader, _ broker: AMQPConfiguration) throws -> ManagementAPI? {
        let setting = reader.scoped(to: "rabbitmq").string(forKey: "managementUrl", isSecret: true)
        guard let url = management ?? setting else { return nil }
        do throws(ManagementURL.Invalid) {
            return ManagementAPI(url: try ManagementURL(url), broker: broker)
        } catch {
            throw ConfigurationError(
                name: management == nil ? "RABBITMQ_MANAGEMENT_URL" : "--management",
                problem: "cannot be used: \(error.problem)")
        }
    }
}

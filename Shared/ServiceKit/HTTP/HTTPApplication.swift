// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Hummingbird
public import HummingbirdCore
public import Logging
public import NIOCore

/// A service's HTTP side: one router, served at one or several addresses.
public struct HTTPApplication: ApplicationProtocol {
    /// Answers requests.
    public let responder: RouterResponder<ServiceRequestContext>
    /// Makes the server of an address.
    public let server: HTTPServerBuilder
    /// Of the first address.
    public let configuration: ApplicationConfiguration
    /// For what the server has to say.
    public let logger: Logger
    let addresses: [BindAddress]
    let onListening: @Sendable (any Channel) async -> Void

    /// Called for each address once connections are accepted there.
    public func onServerRunning(_ channel: any Channel) async { await onListening(channel) }

    /// Listens until a graceful shutdown, which stops all listeners at the same time.
    ///
    /// - Throws: when an address cannot be listened on; nothing is listened on any more then.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for address in addresses { group.addTask { try await listener(at: address).run() } }
            for try await _ in group {}
        }
    }

    private func listener(at address: BindAddress) -> Application<RouterResponder<ServiceRequestContext>> {
        var configuration = configuration
        configuration.address = address
        return Application(
            responder: responder, server: server, configuration: configuration, onServerRunning: onListening,
            logger: logger)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ConstantAnswers
import NIOCore
import NIOHTTP1
import NIOPosix

/// `http-constant-nio PORT`: the least that an HTTP server on SwiftNIO has to do.
@main
struct HTTPConstantNIO {
    static func main() async throws {
        guard let port = ServerPort.read(CommandLine.arguments) else {
            print("usage: http-constant-nio PORT")
            return
        }
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withPipeliningAssistance: false, withErrorHandling: false)
                    try channel.pipeline.syncOperations.addHandler(ConstantHandler())
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        try await channel.closeFuture.get()
    }
}

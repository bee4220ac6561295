// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTPTypesHTTP1

/// Hummingbird's channel with our own handlers in front of the conversion to its types: the ``HotRequestHandler``, if
/// there is a hot route, and for what that one passes on the ``CrossOriginHandler``, if pages of other origins may read
/// answers, and the ``RequestRules``.
struct ServiceChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let channel: HTTP1Channel
    let makeHotHandler: (@Sendable (ConnectionGuard) -> HotRequestHandler)?
    let crossOrigin: CrossOriginPolicy?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        self.channel.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            if let makeHotHandler {
                let guardian = try pipeline.handler(type: ConnectionGuard.self)
                try pipeline.addHandler(makeHotHandler(guardian), position: .before(codec))
            }
            if let crossOrigin {
                try pipeline.addHandler(CrossOriginHandler(policy: crossOrigin), position: .before(codec))
            }
            try pipeline.addHandler(RequestRules(), position: .before(codec))
            return value
        }
    }

    func handle(value: Value, logger: Logger) async { await channel.handle(value: value, logger: logger) }
}

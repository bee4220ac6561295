// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Logging

/// The metadata keys of this module's log lines. Values hold no text from outside.
enum LogKey {
    static let address = "amqp.address"
    static let error = "amqp.error"
    static let replyCode = "amqp.replyCode"
    static let hint = "amqp.hint"
    static let queue = "amqp.queue"

    static func metadata(_ error: AMQPError) -> Logger.Metadata {
        var metadata: Logger.Metadata = [Self.error: "\(error.code.rawValue)"]
        if let replyCode = error.replyCode { metadata[Self.replyCode] = "\(replyCode)" }
        if let hint = error.hint { metadata[Self.hint] = "\(hint.rawValue)" }
        return metadata
    }
}

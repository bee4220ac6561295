// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CRabbitMQ

extension AMQPError {
    /// When a failure happened decides what a status means.
    enum Phase {
        case connecting
        case loggingIn
        case open
    }

    /// From a library status, which is negative.
    init(status: CInt, _ phase: Phase) {
        let text = unsafe String(cString: amqp_error_string2(status))
        let code: Code =
            switch amqp_status_enum(status) {
            case AMQP_STATUS_TIMEOUT: .timedOut
            case AMQP_STATUS_BAD_AMQP_DATA, AMQP_STATUS_UNKNOWN_CLASS, AMQP_STATUS_UNKNOWN_METHOD,
                AMQP_STATUS_INCOMPATIBLE_AMQP_VERSION, AMQP_STATUS_WRONG_METHOD, AMQP_STATUS_UNEXPECTED_STATE:
                .protocolViolation
            case AMQP_STATUS_BROKER_UNSUPPORTED_SASL_METHOD: .authenticationRefused
            case AMQP_STATUS_INVALID_PARAMETER, AMQP_STATUS_TABLE_TOO_BIG: .invalidArgument
            default: phase == .open ? .connectionLost : .connectionFailed
            }
        let hint: Hint? =
            switch (amqp_status_enum(status), phase) {
            case (AMQP_STATUS_SSL_ERROR, .connecting), (AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED, _),
                (AMQP_STATUS_SSL_PEER_VERIFY_FAILED, _), (AMQP_STATUS_SSL_CONNECTION_FAILED, _):
                .tls
            case (AMQP_STATUS_CONNECTION_CLOSED, .loggingIn), (AMQP_STATUS_SOCKET_ERROR, .loggingIn): .ended
            default: nil
            }
        self.init(code, hint: hint, text)
    }

    /// From a reply code of the broker (AMQP 0-9-1 §1.2).
    init(replyCode: Int, text: String, _ phase: Phase) {
        // RabbitMQ 3 closes the connection over it, with 503, and 4 the channel, with 406.
        guard !text.contains("unknown exchange type") else {
            self.init(.protocolViolation, replyCode: replyCode, hint: .exchangeType, text)
            return
        }
        let code: Code =
            switch replyCode {
            case 311: .invalidArgument
            case 312, 313: .unroutable
            case 403: phase == .loggingIn ? .authenticationRefused : .accessRefused
            case 404: .notFound
            case 405: .resourceLocked
            case 406: .preconditionFailed
            case 530: .accessRefused
            case 501...505, 540: .protocolViolation
            // 320 connection forced, 506 resource error, 541 internal error, and what is not defined.
            default: phase == .open ? .connectionLost : .connectionFailed
            }
        self.init(code, replyCode: replyCode, text)
    }

    /// From the broker's `channel.close` or `connection.close`.
    init(_ method: amqp_method_t, _ phase: Phase) {
        switch unsafe method.id {
        case AMQP_CHANNEL_CLOSE_METHOD:
            let close = unsafe method.decoded.load(as: amqp_channel_close_t.self)
            unsafe self.init(replyCode: Int(close.reply_code), text: close.reply_text.text, phase)
        case AMQP_CONNECTION_CLOSE_METHOD:
            let close = unsafe method.decoded.load(as: amqp_connection_close_t.self)
            unsafe self.init(replyCode: Int(close.reply_code), text: close.reply_text.text, phase)
        default:
            self.init(.protocolViolation, "an unexpected answer")
        }
    }
}

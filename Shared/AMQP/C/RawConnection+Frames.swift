// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CRabbitMQ

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

extension RawConnection {
    /// The next frame that has arrived, or `nil` when there is none. Serves heartbeats.
    ///
    /// Call it until it returns `nil` before waiting for the socket: the library and TLS hold data that `poll(2)` does
    /// not see.
    func nextFrame() throws(AMQPError) -> Frame? {
        try nextFrame(within: .zero)
    }

    func nextFrame(within patience: Duration) throws(AMQPError) -> Frame? {
        var frame = unsafe amqp_frame_t()
        var timeout = timeval(patience)
        let status = unsafe amqp_simple_wait_frame_noblock(state, &frame, &timeout)
        if status == AMQP_STATUS_TIMEOUT.rawValue {
            release()
            return nil
        }
        try check(status: status)
        defer { countFrame() }
        switch unsafe CInt(frame.frame_type) {
        case AMQP_FRAME_METHOD:
            return unsafe method(frame.payload.method)
        case AMQP_FRAME_HEADER:
            let header = unsafe frame.payload.properties
            // For other classes the library decodes another, shorter structure.
            guard unsafe header.class_id == UInt16(AMQP_BASIC_CLASS) else {
                throw AMQPError(.protocolViolation, "a content header of another class")
            }
            var decoder = TableDecoder()
            let properties = unsafe decoder.properties(header.decoded.load(as: amqp_basic_properties_t.self))
            return unsafe .header(properties, hasOmittedHeaders: decoder.hasOmitted, bodySize: header.body_size)
        case AMQP_FRAME_BODY:
            return unsafe .body(frame.payload.body_fragment.array)
        default:
            return .other
        }
    }

    private func method(_ method: amqp_method_t) -> Frame {
        switch unsafe method.id {
        case AMQP_BASIC_ACK_METHOD:
            let ack = unsafe method.decoded.load(as: amqp_basic_ack_t.self)
            return .confirm(tag: ack.delivery_tag, multiple: ack.multiple != 0, taken: true)
        case AMQP_BASIC_NACK_METHOD:
            let nack = unsafe method.decoded.load(as: amqp_basic_nack_t.self)
            return .confirm(tag: nack.delivery_tag, multiple: nack.multiple != 0, taken: false)
        case AMQP_BASIC_RETURN_METHOD:
            let returned = unsafe method.decoded.load(as: amqp_basic_return_t.self)
            return unsafe .returned(replyCode: Int(returned.reply_code))
        case AMQP_BASIC_DELIVER_METHOD:
            let deliver = unsafe method.decoded.load(as: amqp_basic_deliver_t.self)
            return unsafe .deliver(
                tag: deliver.delivery_tag, redelivered: deliver.redelivered != 0, exchange: deliver.exchange.text,
                routingKey: deliver.routing_key.text, isToPresent: deliver.consumer_tag.text == consumerTag)
        case AMQP_BASIC_CANCEL_METHOD:
            return .cancelled
        case AMQP_CONNECTION_BLOCKED_METHOD:
            return unsafe .blocked(reason: method.decoded.load(as: amqp_connection_blocked_t.self).reason.text)
        case AMQP_CONNECTION_UNBLOCKED_METHOD:
            return .unblocked
        case AMQP_CHANNEL_CLOSE_METHOD:
            return unsafe .channelClosed(closed(by: method, .open))
        case AMQP_CONNECTION_CLOSE_METHOD:
            return unsafe .connectionClosed(closed(by: method, .open))
        default:
            return .other
        }
    }

    /// Whether the socket takes data now. The library's own writes wait without end when it does not.
    var isWritable: Bool {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&wait, 1, 0) != 0
    }

    /// Sends messages in as few packets as they fit in: the library writes each message by itself, and a packet for each
    /// costs the broker and the kernel more than what is in it.
    func publish(_ publications: [Publication]) throws(AMQPError) {
        gather(true)
        defer { gather(false) }
        for publication in publications { try publish(publication) }
    }

    /// Has the kernel keep what does not fill a packet (tcp(7), `TCP_CORK`), or send what it has kept.
    private func gather(_ isGathering: Bool) {
        #if os(Linux)
        var flag: CInt = isGathering ? 1 : 0
        unsafe setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_CORK, &flag, socklen_t(MemoryLayout<CInt>.size))
        #endif
    }

    /// Sends a message. Its sizes have been checked (``Publication``).
    private func publish(_ publication: Publication) throws(AMQPError) {
        arena.reset()
        let message = publication.message
        var properties = unsafe arena.properties(message.properties)
        let exchange = unsafe arena.bytes(message.exchange)
        let routingKey = unsafe arena.bytes(message.routingKey)
        let status = unsafe message.body.withUnsafeBytes { body in
            // The library reads the body only; its type has no `const`.
            unsafe amqp_basic_publish(
                state, Self.channel, exchange, routingKey, message.mandatory ? 1 : 0, 0, &properties,
                amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress)))
        }
        try check(status: status)
    }

    /// Sends an answer to deliveries.
    func settle(_ settlement: Settlement) throws(AMQPError) {
        let multiple: amqp_boolean_t = settlement.multiple ? 1 : 0
        let status: CInt
        switch settlement.outcome {
        case .acknowledge:
            status = unsafe amqp_basic_ack(state, Self.channel, settlement.tag, multiple)
        case .requeue:
            status = unsafe amqp_basic_nack(state, Self.channel, settlement.tag, multiple, 1)
        case .discard:
            status = unsafe amqp_basic_nack(state, Self.channel, settlement.tag, multiple, 0)
        }
        try check(status: status)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CRabbitMQ

extension Arena {
    /// The properties as the library reads them.
    func properties(_ properties: AMQPProperties) -> amqp_basic_properties_t {
        var target = unsafe amqp_basic_properties_t()
        if let text = properties.contentType {
            unsafe target.content_type = bytes(text)
            unsafe target._flags |= UInt32(AMQP_BASIC_CONTENT_TYPE_FLAG)
        }
        if let text = properties.contentEncoding {
            unsafe target.content_encoding = bytes(text)
            unsafe target._flags |= UInt32(AMQP_BASIC_CONTENT_ENCODING_FLAG)
        }
        if let headers = properties.headers {
            unsafe target.headers = table(headers)
            unsafe target._flags |= UInt32(AMQP_BASIC_HEADERS_FLAG)
        }
        if let mode = properties.deliveryMode {
            unsafe target.delivery_mode = mode.rawValue
            unsafe target._flags |= UInt32(AMQP_BASIC_DELIVERY_MODE_FLAG)
        }
        if let priority = properties.priority {
            unsafe target.priority = priority
            unsafe target._flags |= UInt32(AMQP_BASIC_PRIORITY_FLAG)
        }
        if let text = properties.correlationID {
            unsafe target.correlation_id = bytes(text)
            unsafe target._flags |= UInt32(AMQP_BASIC_CORRELATION_ID_FLAG)
        }
        if let text = properties.replyTo {
            unsafe target.reply_to = bytes(text)
            unsafe target._flags |= UInt32(AMQP_BASIC_REPLY_TO_FLAG)
        }
        if let text = properties.expiration {
            unsafe target.expiration = bytes(text)
            unsafe target._flags |= UInt32(AMQP_BASIC_EXPIRATION_FLAG)
        }
        if let text = properties.messageID {
            unsafe target.message_id = bytes(text)
            unsafe target._flags |= UInt32(AMQP_BASIC_MESSAGE_ID_FLAG)
        }
        if let seconds = properties.timestamp {
            unsafe target.timestamp = seconds
            unsafe target._flags |= UInt32(AMQP_BASIC_TIMESTAMP_FLAG)
        }
        if let text = properties.type {
            unsafe target.type = bytes(text)
            unsafe target._flags |= UInt32(AMQP_BASIC_TYPE_FLAG)
        }
        if let text = properties.userID {
            unsafe target.user_id = bytes(text)
            unsafe target._flags |= UInt32(AMQP_BASIC_USER_ID_FLAG)
        }
        if let text = properties.appID {
            unsafe target.app_id = bytes(text)
            unsafe target._flags |= UInt32(AMQP_BASIC_APP_ID_FLAG)
        }
        return unsafe target
    }
}

extension TableDecoder {
    /// Copies properties out of the library's memory.
    mutating func properties(_ source: amqp_basic_properties_t) -> AMQPProperties {
        let flags = unsafe CInt(bitPattern: source._flags)
        var target = AMQPProperties()
        if flags & AMQP_BASIC_CONTENT_TYPE_FLAG != 0 { target.contentType = unsafe source.content_type.text }
        if flags & AMQP_BASIC_CONTENT_ENCODING_FLAG != 0 {
            target.contentEncoding = unsafe source.content_encoding.text
        }
        if flags & AMQP_BASIC_HEADERS_FLAG != 0 { target.headers = unsafe table(source.headers) }
        if flags & AMQP_BASIC_DELIVERY_MODE_FLAG != 0 {
            target.deliveryMode = AMQPProperties.DeliveryMode(rawValue: unsafe source.delivery_mode)
        }
        if flags & AMQP_BASIC_PRIORITY_FLAG != 0 { target.priority = unsafe source.priority }
        if flags & AMQP_BASIC_CORRELATION_ID_FLAG != 0 { target.correlationID = unsafe source.correlation_id.text }
        if flags & AMQP_BASIC_REPLY_TO_FLAG != 0 { target.replyTo = unsafe source.reply_to.text }
        if flags & AMQP_BASIC_EXPIRATION_FLAG != 0 { target.expiration = unsafe source.expiration.text }
        if flags & AMQP_BASIC_MESSAGE_ID_FLAG != 0 { target.messageID = unsafe source.message_id.text }
        if flags & AMQP_BASIC_TIMESTAMP_FLAG != 0 { target.timestamp = unsafe source.timestamp }
        if flags & AMQP_BASIC_TYPE_FLAG != 0 { target.type = unsafe source.type.text }
        if flags & AMQP_BASIC_USER_ID_FLAG != 0 { target.userID = unsafe source.user_id.text }
        if flags & AMQP_BASIC_APP_ID_FLAG != 0 { target.appID = unsafe source.app_id.text }
        return target
    }
}

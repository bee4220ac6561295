// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CRabbitMQ
import Glibc

/// A connection with one channel in confirm mode, and a quorum queue that gets all that is published: librabbitmq's own
/// calls, and nothing around them.
@safe
final class RawChannel {
    private static let channel: amqp_channel_t = 1
    private let connection: amqp_connection_state_t
    /// Of exchange, queue and routing key.
    private let name: amqp_bytes_t
    private var properties = unsafe amqp_basic_properties_t()

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init(port: Int, name: String) throws(Failure) {
        guard let connection = unsafe amqp_new_connection(), let socket = unsafe amqp_tcp_socket_new(connection) else {
            throw Failure(description: "no memory for a connection")
        }
        unsafe self.connection = connection
        unsafe self.name = Self.lasting(name)
        unsafe properties._flags = UInt32(AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG)
        unsafe properties.content_type = Self.lasting("application/json")
        unsafe properties.delivery_mode = UInt8(AMQP_DELIVERY_PERSISTENT.rawValue)
        guard unsafe amqp_socket_open(socket, "127.0.0.1", CInt(port)) == AMQP_STATUS_OK.rawValue else {
            throw Failure(description: "no broker listens on port \(port)")
        }
        var client = unsafe amqp_empty_table
        try unsafe check(crabbitmq_login_plain(connection, "/", 131_072, 0, &client, "guest", "guest"), "the login")
        unsafe amqp_channel_open(connection, Self.channel)
        try check("channel.open")
        try declare()
        unsafe amqp_confirm_select(connection, Self.channel)
        try check("confirm.select")
    }

    deinit { unsafe amqp_destroy_connection(connection) }

    private func declare() throws(Failure) {
        unsafe amqp_exchange_declare(
            connection, Self.channel, name, Self.lasting("topic"), 0, 1, 0, 0, amqp_empty_table)
        try check("exchange.declare")
        var type = unsafe amqp_table_entry_t()
        unsafe type.key = Self.lasting("x-queue-type")
        unsafe type.value.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
        unsafe type.value.value.bytes = Self.lasting("quorum")
        unsafe withUnsafeMutablePointer(to: &type) { type in
            _ = unsafe amqp_queue_declare(
                connection, Self.channel, name, 0, 1, 0, 0, amqp_table_t(num_entries: 1, entries: type))
        }
        try check("queue.declare")
        unsafe amqp_queue_bind(connection, Self.channel, name, name, Self.lasting("#"), amqp_empty_table)
        try check("queue.bind")
    }

    /// Sends a message, without waiting for anything.
    func publish(_ body: [UInt8]) throws(Failure) {
        let status = unsafe body.withUnsafeBytes { body in
            // The library reads the body only; its type has no `const`.
            unsafe amqp_basic_publish(
                connection, Self.channel, name, name, 0, 0, &properties,
                amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress)))
        }
        guard status == AMQP_STATUS_OK.rawValue else { throw Failure(description: "publish: status \(status)") }
    }

    /// Waits for the next confirm.
    func nextConfirm() throws(Failure) -> ConfirmLedger.Confirm {
        unsafe amqp_maybe_release_buffers(connection)
        var frame = unsafe amqp_frame_t()
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        let status = unsafe amqp_simple_wait_frame_noblock(connection, &frame, &patience)
        guard status == AMQP_STATUS_OK.rawValue else {
            throw Failure(description: "waiting for a confirm: status \(status)")
        }
        guard unsafe CInt(frame.frame_type) == AMQP_FRAME_METHOD,
            unsafe frame.payload.method.id == AMQP_BASIC_ACK_METHOD
        else { throw Failure(description: "the broker sent something other than a confirm") }
        let ack = unsafe frame.payload.method.decoded.load(as: amqp_basic_ack_t.self)
        return ConfirmLedger.Confirm(tag: ack.delivery_tag, isMultiple: ack.multiple != 0)
    }

    /// Removes queue and exchange.
    func cleanUp() throws(Failure) {
        unsafe amqp_queue_delete(connection, Self.channel, name, 0, 0)
        try check("queue.delete")
        unsafe amqp_exchange_delete(connection, Self.channel, name, 0)
        try check("exchange.delete")
    }

    private func check(_ what: String) throws(Failure) {
        try unsafe check(amqp_get_rpc_reply(connection), what)
    }

    private func check(_ reply: amqp_rpc_reply_t, _ what: String) throws(Failure) {
        guard unsafe reply.reply_type == AMQP_RESPONSE_NORMAL else {
            throw Failure(description: "\(what) failed")
        }
    }

    /// A text for the rest of the program's life: the library's values only point at theirs.
    private static func lasting(_ text: String) -> amqp_bytes_t { unsafe amqp_cstring_bytes(strdup(text)) }
}

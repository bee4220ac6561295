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

/// One connection with one channel, over one `amqp_connection_state_t`.
///
/// Confined to one thread, as the library demands; its methods block within the configured timeouts, and a write that
/// the broker does not read blocks until the ``SocketGuard`` cuts the connection. After any thrown error but a refused
/// request the connection may have sent half a frame: it must be closed.
@safe
final class RawConnection {
    /// One channel, because the library drops frames of other channels while it waits for one.
    static let channel: amqp_channel_t = 1
    /// The largest frame (bytes) we take: it bounds how deep a header table can recurse in the library's decoder, which
    /// 8 MiB of stack survive.
    static let frameMaximum = 131_072

    let state: amqp_connection_state_t
    let arena = Arena()
    private let guardian: SocketGuard
    private let configuration: AMQPConfiguration
    /// The broker that is connected to.
    let address: AMQPAddress
    private var framesSinceRelease = 0
    private(set) var isChannelOpen = false
    /// Counts the consumers that this connection has had.
    var consumerNumber = 0
    /// The tag of the last one.
    var consumerTag: String { "\(consumerNumber)" }
    /// Whether nothing more can be said on this connection, not even good-bye.
    private(set) var isBroken = false

    /// Connects to a broker and logs in: to the first that lets us, one after the other in random order.
    ///
    /// - Parameter guardian: learns of the socket, so that the time in the library stays bounded.
    /// - Throws: why the last one did not.
    static func open(_ configuration: AMQPConfiguration, guardian: SocketGuard) throws(AMQPError) -> RawConnection {
        try configuration.validate()
        var failure = AMQPError(.invalidArgument, "there is no address")
        for address in configuration.addresses.shuffled() {
            // Each has its time.
            guardian.enter()
            do throws(AMQPError) {
                return try RawConnection(address, configuration: configuration, guardian: guardian)
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private init(
        _ address: AMQPAddress, configuration: AMQPConfiguration, guardian: SocketGuard
    ) throws(AMQPError) {
        guard let state = unsafe amqp_new_connection() else { throw AMQPError(.connectionFailed, "out of memory") }
        unsafe self.state = state
        self.guardian = guardian
        self.configuration = configuration
        self.address = address
        try connect()
        try logIn()
        try openChannel()
    }

    deinit {
        guardian.detach()
        unsafe amqp_destroy_connection(state)
    }

    /// Says good-bye when that is still possible, within a second. The object frees the library's memory when it goes.
    func close() {
        guard !isBroken else { return }
        isBroken = true
        // RabbitMQ logs a warning for connections that end without this.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        unsafe amqp_set_rpc_timeout(state, &patience)
        _ = unsafe amqp_connection_close(state, AMQP_REPLY_SUCCESS)
    }

    var descriptor: CInt { unsafe amqp_get_sockfd(state) }

    /// How long the thread may wait for input before it must call the library again, which serves heartbeats only when
    /// called.
    var heartbeatWait: Duration? {
        let seconds = unsafe amqp_get_heartbeat(state)
        return seconds > 0 ? .milliseconds(500 * Int(seconds)) : nil
    }

    /// The largest frame that both sides agreed on, in bytes.
    var frameMaximum: Int { Int(unsafe amqp_get_frame_max(state)) }

    // MARK: Connecting

    private func connect() throws(AMQPError) {
        let socket: OpaquePointer?
        if let tls = configuration.tls {
            unsafe socket = amqp_ssl_socket_new(state)
            guard let socket = unsafe socket else { throw AMQPError(.connectionFailed, "no TLS") }
            unsafe amqp_ssl_socket_set_verify_peer(socket, tls.verifiesPeer ? 1 : 0)
            unsafe amqp_ssl_socket_set_verify_hostname(socket, tls.verifiesPeer ? 1 : 0)
            let versions = unsafe amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST)
            guard versions == AMQP_STATUS_OK.rawValue else { throw AMQPError(status: versions, .connecting) }
            if tls.verifiesPeer || tls.caFile != nil {
                // The library loads no certificates by itself.
                let status = unsafe amqp_ssl_socket_set_cacert(
                    socket, tls.caFile ?? "/etc/ssl/certs/ca-certificates.crt")
                guard status == AMQP_STATUS_OK.rawValue else {
                    throw AMQPError(.connectionFailed, hint: .authorities, "amqp_ssl_socket_set_cacert: \(status)")
                }
            }
        } else {
            unsafe socket = amqp_tcp_socket_new(state)
        }
        guard let socket = unsafe socket else { throw AMQPError(.connectionFailed, "out of memory") }
        var patience = timeval(configuration.connectTimeout)
        let status = unsafe amqp_socket_open_noblock(socket, address.host, CInt(address.port), &patience)
        guard status == AMQP_STATUS_OK.rawValue else { throw AMQPError(status: status, .connecting) }
        guardian.attach(descriptor)
        // The library has set TCP_NODELAY and SO_KEEPALIVE. Without this one the kernel keeps sending unacknowledged
        // data to a host that is gone for a quarter of an hour.
        #if os(Linux)
        var milliseconds = CInt(clamping: (configuration.rpcTimeout * 2).milliseconds)
        unsafe setsockopt(
            descriptor, CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, socklen_t(MemoryLayout<CInt>.size))
        #endif
    }

    private func logIn() throws(AMQPError) {
        guardian.enter()
        var patience = timeval(configuration.connectTimeout)
        unsafe amqp_set_handshake_timeout(state, &patience)
        patience = timeval(configuration.rpcTimeout)
        unsafe amqp_set_rpc_timeout(state, &patience)
        var properties: AMQPTable = [
            "product": "swift-cqrs AMQP",
            "capabilities": .table([
                "connection.blocked": true, "consumer_cancel_notify": true, "publisher_confirms": true,
                "basic.nack": true,
            ]),
        ]
        if let name = configuration.connectionName { properties["connection_name"] = .string(name) }
        arena.reset()
        var table = unsafe arena.table(properties)
        let heartbeat = configuration.heartbeat.roundedUpSeconds
        let reply = unsafe crabbitmq_login_plain(
            state, configuration.virtualHost, CInt(Self.frameMaximum), CInt(clamping: heartbeat), &table,
            configuration.user, configuration.password)
        try unsafe check(reply, .loggingIn)
    }

    /// Every request comes through here first.
    func openChannel() throws(AMQPError) {
        // Each request has its time.
        guardian.enter()
        guard !isChannelOpen else { return }
        unsafe amqp_channel_open(state, Self.channel)
        try check(.open)
        isChannelOpen = true
    }

    // MARK: Answers

    /// Checks the answer to the last request.
    func check(_ phase: AMQPError.Phase = .open) throws(AMQPError) {
        try unsafe check(amqp_get_rpc_reply(state), phase)
    }

    func check(_ reply: amqp_rpc_reply_t, _ phase: AMQPError.Phase) throws(AMQPError) {
        switch unsafe reply.reply_type {
        case AMQP_RESPONSE_NORMAL:
            return
        case AMQP_RESPONSE_SERVER_EXCEPTION:
            throw unsafe closed(by: reply.reply, phase)
        case AMQP_RESPONSE_LIBRARY_EXCEPTION:
            isBroken = true
            throw AMQPError(status: unsafe reply.library_error, phase)
        default:
            isBroken = true
            throw AMQPError(.connectionLost, "the broker closed the socket")
        }
    }

    /// Acknowledges the broker's `channel.close` or `connection.close`.
    func closed(by method: amqp_method_t, _ phase: AMQPError.Phase) -> AMQPError {
        let error = unsafe AMQPError(method, phase)
        isChannelOpen = false
        if unsafe method.id == AMQP_CHANNEL_CLOSE_METHOD {
            var ok = amqp_channel_close_ok_t()
            if unsafe amqp_send_method(state, Self.channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &ok) < 0 { isBroken = true }
        } else {
            isBroken = true
            var ok = amqp_connection_close_ok_t()
            _ = unsafe amqp_send_method(state, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &ok)
        }
        return error
    }

    func check(status: CInt) throws(AMQPError) {
        guard status >= 0 else {
            isBroken = true
            throw AMQPError(status: status, .open)
        }
    }

    /// Gives the memory of decoded frames back, once nothing points into it.
    func release() {
        framesSinceRelease = 0
        unsafe amqp_maybe_release_buffers(state)
    }

    /// Counts a decoded frame; every so often the memory is given back in the middle of a long drain.
    func countFrame() {
        framesSinceRelease += 1
        if framesSinceRelease >= 64 { release() }
    }
}

extension timeval {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: .init(attoseconds / 1_000_000_000_000))
    }
}

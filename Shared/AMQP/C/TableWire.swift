// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CRabbitMQ

/// Tables as bytes and back, by the same steps as the headers of a message that is sent or received, without a broker.
///
/// It exists for bench/: a connection does the same between other things.
@_spi(Benchmarks) @safe
public final class TableWire {
    private let arena = Arena()
    private var pool = unsafe amqp_pool_t()

    /// Prepares memory, which each call uses again.
    public init() { unsafe init_amqp_pool(&pool, 4096) }

    deinit { unsafe empty_amqp_pool(&pool) }

    /// A table's bytes.
    ///
    /// - Throws: ``AMQPError/Code/invalidArgument`` for what cannot be sent.
    public func encode(_ table: AMQPTable) throws(AMQPError) -> [UInt8] {
        arena.reset()
        var bytes = [UInt8](repeating: 0, count: try table.encodedSize())
        var table = unsafe arena.table(table)
        var size = 0
        let status = unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe amqp_encode_table(amqp_bytes_t(len: bytes.count, bytes: bytes.baseAddress), &table, &size)
        }
        guard status == AMQP_STATUS_OK.rawValue, size == bytes.count else {
            throw AMQPError(.invalidArgument, "a table that cannot be encoded")
        }
        return bytes
    }

    /// The table that the bytes are of.
    ///
    /// - Throws: ``AMQPError/Code/protocolViolation`` for anything else.
    public func decode(_ bytes: [UInt8]) throws(AMQPError) -> AMQPTable {
        var table = unsafe amqp_table_t()
        var size = 0
        var copy = bytes
        // Texts and names of the library's table point into the bytes: they are copied out before these go.
        let decoded: AMQPTable? = unsafe copy.withUnsafeMutableBytes { bytes in
            let encoded = unsafe amqp_bytes_t(len: bytes.count, bytes: bytes.baseAddress)
            let status = unsafe amqp_decode_table(encoded, &pool, &table, &size)
            var decoder = TableDecoder()
            return unsafe status == AMQP_STATUS_OK.rawValue ? decoder.table(table) : nil
        }
        unsafe recycle_amqp_pool(&pool)
        guard let decoded else { throw AMQPError(.protocolViolation, "bytes that are no table") }
        return decoded
    }
}

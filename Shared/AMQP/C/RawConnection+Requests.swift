// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CRabbitMQ

// Requests that wait for their answer, at most the configured time. A refused one throws and closes the channel, which
// the next one opens again.
extension RawConnection {
    func selectConfirms() throws(AMQPError) {
        try openChannel()
        unsafe amqp_confirm_select(state, Self.channel)
        try check()
    }

    /// Starts deliveries of at most `prefetch` messages without an answer; without that number none is to be answered.
    func consume(queue: String, prefetch: UInt16?) throws(AMQPError) {
        try openChannel()
        arena.reset()
        if let prefetch {
            unsafe amqp_basic_qos(state, Self.channel, 0, prefetch, 0)
            try check()
        }
        // Another tag each time: to RabbitMQ's queues channel and tag are the consumer, and one that has unanswered deliveries goes on
        // being the cancelled one.
        consumerNumber += 1
        unsafe amqp_basic_consume(
            state, Self.channel, try name(queue), try name(consumerTag), 0, prefetch == nil ? 1 : 0, 0,
            amqp_table_t(num_entries: 0, entries: nil))
        try check()
    }

    /// Ends the deliveries that ``consume(queue:prefetch:)`` started. Those that are under way still come, and what was delivered can
    /// be answered.
    func cancelConsumer() throws(AMQPError) {
        arena.reset()
        unsafe amqp_basic_cancel(state, Self.channel, try name(consumerTag))
        try check()
    }

    func declare(_ exchange: AMQPExchange, passive: Bool) throws(AMQPError) {
        try openChannel()
        arena.reset()
        _ = try exchange.arguments.encodedSize()
        unsafe amqp_exchange_declare(
            state, Self.channel, try name(exchange.name), try name(exchange.kind.rawValue), passive ? 1 : 0,
            exchange.durable ? 1 : 0, exchange.autoDelete ? 1 : 0, exchange.isInternal ? 1 : 0,
            arena.table(exchange.arguments))
        try check()
    }

    func declare(_ queue: AMQPQueue, passive: Bool) throws(AMQPError) -> AMQPQueueState {
        try openChannel()
        arena.reset()
        _ = try queue.arguments.encodedSize()
        let answer = unsafe amqp_queue_declare(
            state, Self.channel, try name(queue.name), passive ? 1 : 0, queue.durable ? 1 : 0, queue.exclusive ? 1 : 0,
            queue.autoDelete ? 1 : 0, arena.table(queue.arguments))
        try check()
        guard let answer = unsafe answer?.pointee else { throw AMQPError(.protocolViolation, "no answer") }
        defer { release() }
        return unsafe AMQPQueueState(messages: Int(answer.message_count), consumers: Int(answer.consumer_count))
    }

    func declare(_ binding: AMQPBinding) throws(AMQPError) {
        try openChannel()
        arena.reset()
        _ = try binding.arguments.encodedSize()
        let source = unsafe try name(binding.source)
        let key = unsafe try name(binding.routingKey)
        let arguments = unsafe arena.table(binding.arguments)
        switch binding.destination {
        case .queue(let queue):
            unsafe amqp_queue_bind(state, Self.channel, try name(queue), source, key, arguments)
        case .exchange(let exchange):
            unsafe amqp_exchange_bind(state, Self.channel, try name(exchange), source, key, arguments)
        }
        try check()
    }

    func remove(_ binding: AMQPBinding) throws(AMQPError) {
        try openChannel()
        arena.reset()
        _ = try binding.arguments.encodedSize()
        let source = unsafe try name(binding.source)
        let key = unsafe try name(binding.routingKey)
        let arguments = unsafe arena.table(binding.arguments)
        switch binding.destination {
        case .queue(let queue):
            unsafe amqp_queue_unbind(state, Self.channel, try name(queue), source, key, arguments)
        case .exchange(let exchange):
            unsafe amqp_exchange_unbind(state, Self.channel, try name(exchange), source, key, arguments)
        }
        try check()
    }

    func declare(_ topology: AMQPTopology) throws(AMQPError) {
        for exchange in topology.exchanges { try declare(exchange, passive: false) }
        for queue in topology.queues { _ = try declare(queue, passive: false) }
        for binding in topology.bindings { try declare(binding) }
        for binding in topology.replacedBindings { try remove(binding) }
    }

    func deleteExchange(_ exchange: String) throws(AMQPError) {
        try openChannel()
        arena.reset()
        unsafe amqp_exchange_delete(state, Self.channel, try name(exchange), 0)
        try check()
    }

    func deleteQueue(_ queue: String) throws(AMQPError) -> Int {
        try openChannel()
        arena.reset()
        let answer = unsafe amqp_queue_delete(state, Self.channel, try name(queue), 0, 0)
        try check()
        return unsafe Int(answer?.pointee.message_count ?? 0)
    }

    func purge(_ queue: String) throws(AMQPError) -> Int {
        try openChannel()
        arena.reset()
        let answer = unsafe amqp_queue_purge(state, Self.channel, try name(queue))
        try check()
        return unsafe Int(answer?.pointee.message_count ?? 0)
    }

    /// Takes one message from a queue; it has to be settled by its tag.
    func get(queue: String, generation: UInt64, within patience: Duration) throws(AMQPError) -> AMQPDelivery? {
        try openChannel()
        arena.reset()
        let reply = unsafe amqp_basic_get(state, Self.channel, try name(queue), 0)
        try unsafe check(reply, .open)
        guard unsafe reply.reply.id == AMQP_BASIC_GET_OK_METHOD else { return nil }
        let ok = unsafe reply.reply.decoded.load(as: amqp_basic_get_ok_t.self)
        var assembler = ContentAssembler()
        unsafe assembler.start(
            .delivery(
                AMQPDelivery.Tag(generation: generation, number: ok.delivery_tag), redelivered: ok.redelivered != 0,
                exchange: ok.exchange.text, routingKey: ok.routing_key.text))
        while true {
            guard let frame = try nextFrame(within: patience) else {
                throw AMQPError(.timedOut, "the message did not arrive whole")
            }
            if case .delivery(let delivery)? = try assembler.add(frame) { return delivery }
        }
    }

    private func name(_ name: String) throws(AMQPError) -> amqp_bytes_t {
        guard name.utf8.count <= 255 else { throw AMQPError(.invalidArgument, "a name has more than 255 bytes") }
        return unsafe arena.bytes(name)
    }
}

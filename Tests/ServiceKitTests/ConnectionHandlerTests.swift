// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import TestSupport
import Testing

@testable import ServiceKit

@Suite("A client that leaves")
struct DepartureHandlerTests {
    private let channel = EmbeddedChannel(handler: DepartureHandler())
    private let told = Counter()

    private func ask() {
        channel.triggerUserOutboundEvent(DepartureHandler.Departure { [told] in told.add() }, promise: nil)
    }

    private func answer() throws {
        try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
    }

    @Test("is noticed once, by its last byte or by the end of the connection", arguments: [true, false])
    func leaves(saysSo: Bool) throws {
        ask()
        #expect(told.value == 0)
        if saysSo { channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
        channel.pipeline.fireChannelInactive()
        #expect(told.value == 1)
    }

    @Test("is noticed at once by whoever asks afterwards")
    func late() throws {
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        ask()
        #expect(told.value == 1)
    }

    @Test("is nothing to somebody whose answer has ended")
    func answered() throws {
        ask()
        try answer()
        channel.pipeline.fireChannelInactive()
        #expect(told.value == 0)
    }
}

@Suite("A client that does not read")
struct StalledReaderHandlerTests {
    private let channel = EmbeddedChannel(handler: StalledReaderHandler(limit: .seconds(10)))

    init() throws { try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait() }

    private func set(isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    @Test("is let go after the limit, and not before")
    func stalls() {
        set(isWritable: false)
        channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("stays if it reads on in time")
    func reads() {
        set(isWritable: false)
        channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        set(isWritable: true)
        channel.embeddedEventLoop.advanceTime(by: .seconds(100))
        #expect(channel.isActive)
    }

    @Test("has less time once the server stops")
    func stop() {
        set(isWritable: false)
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        channel.embeddedEventLoop.advanceTime(by: .seconds(3))
        #expect(!channel.isActive)
    }
}

// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Hummingbird
internal import NIOCore

/// Takes an answer's body in one piece.
final class BodyCollector: ResponseBodyWriter {
    private(set) var body = ByteBuffer()

    func write(_ buffer: ByteBuffer) { body.writeImmutableBuffer(buffer) }

    func finish(_ trailingHeaders: HTTPFields?) {}
}
